// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The search for the closest face on a device. A group of eight threads traverses the tree together, and many
// groups run at once. Speed depends on few visited nodes and leaves, and on little memory for each group. The
// search is depth first, nearest entry first. The stack holds the distance of each entry, so that an entry is
// skipped if the bound has dropped below it. If there are few points, four groups work on one point and take
// the four nearest entries at the same time: they visit more entries in fewer steps.
#pragma once

#include "diffam/sdf/search/bound.hpp"
#include "diffam/simd/groups.hpp"

namespace diffam::detail {

inline namespace DIFFAM_LANES {

template <class T, int Groups = 1>
struct nearest_first_search : search_bound<T> {
  using search_bound<T>::tree, search_bound<T>::p, search_bound<T>::bound, search_bound<T>::lowest;
  using search_bound<T>::lower, search_bound<T>::within;
  using search_bound<T>::frame_distances, search_bound<T>::resolve_exactly;

  static constexpr stored_index nothing = INT32_MAX;

  lane_groups<Groups> groups;
  lane_list<stored_index, group_stack_size<Groups>, struct entries_of_search, Groups>
      entry;  // a node or ~leaf
  lane_list<T, group_stack_size<Groups>, struct distances_of_search, Groups> entry_d2;
  int top = 0;
  stored_index seen = nothing;  // the entry that gave the first bound

  group_values<nearest_face<T>, Groups> best;  // the closest face found by each group
  group_values<stored_index, Groups> pending;  // the latest leaf of each group with a face within the bound,
                                               // or -1; it is resolved when the group finds the next one
  group_values<lane_vector<T>, Groups> pending_d2;  // squared distances to the faces of that leaf

  DIFFAM_LANE_OP nearest_first_search(const tree_view<T>& t, const vec3<T>& point)
      : search_bound<T>(t, point) {
    groups.each([&](int g) {
      best[g] = no_face<T>();
      pending[g] = -1;
    });
  }

  /// Makes the search begin with this leaf if it is >= 0.
  DIFFAM_LANE_OP void start_at(stored_index leaf) {
    if (leaf < 0) return;
    seen = ~leaf;
    const lane_vector<T> d2 = frame_distances(leaf);  // all groups compute the same
    const T low = least_of(d2);
    if (low < lowest) lower(low);
    groups.each([&](int g) {
      if (g == 0) keep(g, leaf, d2);
    });
  }

  DIFFAM_LANE_OP nearest_face<T> in_mesh(stored_index mesh) {
    push_first(lane_vector<T>(T(0)), 1u, [&](stored_index) { return tree.root[mesh]; });
    visit();
    return resolved();
  }
  DIFFAM_LANE_OP nearest_face<T> in_scene() {
    for (stored_index m = 0; m < tree.meshes; m += lane_count) {
      const lane_vector<T> d2 = box_squared_distances(tree.mesh_boxes[m / lane_count], p);
      push_first(d2, within(d2), [&](stored_index l) { return tree.root[m + l]; });
      visit();
    }
    return resolved();
  }

 private:
  /// Fills the empty stack: group 0 writes entry_of(lane) for the lanes of the set `near`.
  template <class F>
  DIFFAM_LANE_OP void push_first(const lane_vector<T>& d2, lane_set near, const F& entry_of) {
    groups.each([&](int g) {
      if (g == 0) push(d2, near, 0, entry_of);
    });
    top = count_lanes(near);
    groups.join();
  }

  /// Writes entries for the lanes of the set `near`, from place `at` of the stack, farthest first.
  template <class F>
  DIFFAM_LANE_OP void push(const lane_vector<T>& d2, lane_set near, int at, const F& entry_of) {
    const lane_values<T> all(d2);
    for (int l = first_own_lane(); l < lane_count; l += own_lane_step) {
      const T own = all.own(l);
      int before = 0;
      for (int other = 0; other < lane_count; ++other) {
        const T theirs = all[other];
        const bool farther = theirs > own || (theirs == own && other > l);
        before += farther && (near >> other & 1u) != 0 ? 1 : 0;
      }
      if ((near >> l & 1u) == 0) continue;
      entry[at + before] = entry_of(l);
      entry_d2[at + before] = own;
    }
  }

  DIFFAM_LANE_OP void visit() {
    while (top > 0) {
      // Each group takes one of the topmost entries within the bound. The entries above these are discarded.
      const int looked = top < groups.threads ? top : groups.threads;
      group_values<int, Groups> place;
      const int taken = groups.find(
          looked, [&](int i) { return entry_d2[top - 1 - i] <= bound && entry[top - 1 - i] != seen; }, place);
      group_values<stored_index, Groups> at;
      group_values<lane_vector<T>, Groups> d2;
      group_values<T, Groups> low;
      groups.each([&](int g) {
        at[g] = nothing;
        low[g] = out_of_reach<T>();
        if (g >= taken) return;
        const stored_index e = at[g] = entry[top - 1 - place[g]];
        if (e < 0) {
          d2[g] = frame_distances(~e);
          low[g] = least_of(d2[g]);
        } else {
          d2[g] = box_squared_distances(tree.boxes[e], p);
        }
      });
      top -= taken < Groups ? looked : 1 + groups.of(place, Groups - 1);
      const T lowest_here = groups.least(low);
      if (lowest_here < lowest) lower(lowest_here);
      group_values<lane_set, Groups> near;
      group_values<int, Groups> count;
      groups.each([&](int g) {
        near[g] = at[g] == nothing ? 0 : within(d2[g]);
        if (at[g] < 0) keep(g, ~at[g], d2[g]);
        if (at[g] < 0) near[g] = 0;
        count[g] = count_lanes(near[g]);
      });
      groups.join();  // no group may overwrite the stack before all have read their entry
      groups.each([&](int g) {
        const int after = groups.sum_from(count, g + 1);
        if (near[g] == 0) return;
        const stored_index first = tree.first_child[at[g]],
                           flip = at[g] < tree.leaf_parents ? ~stored_index{0} : 0;
        push(d2[g], near[g], top + after, [&](stored_index l) { return (first + l) ^ flip; });
      });
      top += groups.sum_from(count, 0);
      groups.join();
    }
  }

  DIFFAM_LANE_OP void keep(int g, stored_index leaf, const lane_vector<T>& d2) {
    if (within(d2) == 0) return;
    if (pending[g] >= 0) resolve_exactly(pending[g], pending_d2[g], best[g]);
    pending[g] = leaf;
    pending_d2[g] = d2;
  }

  /// The closest face of all groups: least squared distance, then least face index.
  DIFFAM_LANE_OP nearest_face<T> resolved() {
    group_values<T, Groups> d2;
    group_values<stored_index, Groups> which;
    groups.each([&](int g) {
      if (pending[g] >= 0) resolve_exactly(pending[g], pending_d2[g], best[g]);
      d2[g] = best[g].squared_distance;
      which[g] = best[g].face;
    });
    int least = 0;
    T least_d2 = groups.of(d2, 0);
    stored_index least_face = groups.of(which, 0);
    for (int g = 1; g < Groups; ++g) {
      const T other_d2 = groups.of(d2, g);
      const stored_index other = groups.of(which, g);
      const bool nearer = other_d2 < least_d2 || (other_d2 == least_d2 && other < least_face);
      if (other < 0 || (least_face >= 0 && !nearer)) continue;
      least = g, least_d2 = other_d2, least_face = other;
    }
    return of_group(least);
  }

  DIFFAM_LANE_OP nearest_face<T> of_group(int g) {
    if constexpr (Groups == 1) return best[0];
    const auto shared = [&](auto&& part) {
      group_values<T, Groups> x;
      groups.each([&](int own) { x[own] = part(best[own]); });
      return groups.of(x, g);
    };
    nearest_face<T> all = no_face<T>();
    all.squared_distance = shared([](const nearest_face<T>& n) { return n.squared_distance; });
    for (int k = 0; k < 3; ++k) {
      all.offset[k] = shared([k](const nearest_face<T>& n) { return n.offset[k]; });
      all.bary[k] = shared([k](const nearest_face<T>& n) { return n.bary[k]; });
    }
    group_values<stored_index, Groups> which, where;
    groups.each([&](int own) {
      which[own] = best[own].face;
      where[own] = static_cast<stored_index>(best[own].feature);
    });
    all.face = groups.of(which, g);
    all.feature = static_cast<triangle_feature>(groups.of(where, g));
    return all;
  }
};

}  // namespace DIFFAM_LANES

}  // namespace diffam::detail
