// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The search for the closest faces on a device with many points. A packet is 32 neighbouring points, one for
// each thread of a warp. The packet visits each node that any of its points needs. Thus the warp reads a node
// or leaf once, from one address, and no thread waits for a value of another thread.
#pragma once

#include "diffam/exec/block.hpp"
#include "diffam/sdf/search/bound.hpp"
#include "diffam/simd/groups.hpp"

namespace diffam::detail {

inline namespace DIFFAM_LANES {

/// The state of one point of a packet. Faces within the bound are stored in `pending` and resolved later.
template <class T>
struct point_of_packet : bound_of_point<T> {
  using bound_of_point<T>::p, bound_of_point<T>::bound, bound_of_point<T>::lowest;
  static constexpr int pending_room = 8;

  nearest_face<T> best;
  int pending_count;
  stored_index pending[pending_room];  // 8 leaf + lane
  T pending_d2[pending_room];

  DIFFAM_LANE_OP void start(const tree_view<T>& tree, const vec3<T>& point) {
    static_cast<bound_of_point<T>&>(*this) = bound_of_point<T>::at(point, tree.scene_diagonal());
    best = no_face<T>();
    pending_count = 0;
  }

  DIFFAM_LANE_OP void measure(const tree_view<T>& tree, stored_index leaf) {
    constexpr int half = lane_count / 2;  // half a leaf at a time, so that all values fit into the registers
                                          // of a thread
    DIFFAM_NO_UNROLL_ON_DEVICE for (int first = 0; first < lane_count; first += half) {
      T a[3][half];
      load_half(tree.triangles[leaf].v[0], first, a);
      const auto frames = half_of(tree.frames[leaf], first);
      T d2[half], low = out_of_reach<T>();
      DIFFAM_UNROLL_ON_DEVICE for (int l = 0; l < half; ++l) {
        d2[l] = alike(frame_squared_distances(a, frames, p, one_lane{l}));
        low = d2[l] < low ? d2[l] : low;
      }
      if (low > bound) continue;
      if (low < lowest) {
        const T before = lowest;
        this->lower(low);
        if (before > bound) pending_count = 0;  // every pending face is farther than the new bound
      }
      if (pending_count > pending_room - half) resolve_exactly(tree);
      DIFFAM_UNROLL_ON_DEVICE for (int l = 0; l < half; ++l) {
        if (!(d2[l] <= bound)) continue;
        pending[pending_count] = lane_count * leaf + first + l;
        pending_d2[pending_count++] = d2[l];
      }
    }
  }

  DIFFAM_LANE_OP void resolve_exactly(const tree_view<T>& tree) {
    for (int k = 0; k < pending_count; ++k)
      if (pending_d2[k] <= bound)
        resolve_triangle(tree.triangles[pending[k] / lane_count], pending[k] % lane_count, p, best);
    pending_count = 0;
  }
};

/// A packet of points 0 ... 31. Call `start` for each point, then `in_scene`, then `found` for each point.
template <class T>
struct packet_search {
  static constexpr int points = 32;

  const tree_view<T>& tree;
  lane_groups<points, 1> threads;
  group_values<point_of_packet<T>, points> point;
  // The stack: a node or ~leaf, the points that need it (a bit each), and the least of their squared
  // distances to it.
  lane_list<stored_index, tree_stack_size + lane_count, struct entries_of_packet, points / lane_count> entry;
  lane_list<T, tree_stack_size + lane_count, struct distances_of_packet, points / lane_count> entry_d2;
  lane_list<std::uint32_t, tree_stack_size + lane_count, struct needs_of_packet, points / lane_count> needed;
  int top = 0;

  DIFFAM_LANE_OP explicit packet_search(const tree_view<T>& t) : tree(t) {}

  /// Sets point g. `hint` is a face that may be near, or -1.
  DIFFAM_LANE_OP void start(int g, const vec3<T>& p, stored_index hint) {
    point[g].start(tree, p);
    if (hint < 0 || hint >= tree.first_face[tree.meshes] || point[g].bound < T(0)) return;
    const stored_index lane = tree.lane_of_face[hint], leaf = lane / lane_count;  // the traversal measures
                                                                                  // this leaf again
    const T d2 = alike(frame_squared_distances(tree.triangles[leaf].v[0], tree.frames[leaf], p,
                                               one_lane{lane % lane_count}));
    if (d2 < point[g].lowest) point[g].lower(d2);
  }

  DIFFAM_LANE_OP void in_scene() {
    for (stored_index m = 0; m < tree.meshes; m += lane_count) {
      push(tree.mesh_boxes[m / lane_count], [&](int l) { return tree.root[m + l]; });
      visit();
    }
    threads.each([&](int g) { point[g].resolve_exactly(tree); });
  }

  DIFFAM_LANE_OP const nearest_face<T>& found(int g) { return point[g].best; }

 private:
  /// Pushes the boxes that any point needs, the nearest one last.
  template <class F>
  DIFFAM_LANE_OP void push(const box_lanes<T>& boxes, const F& entry_of) {
    std::uint32_t needs[lane_count];
    T low[lane_count], least = out_of_reach<T>();
    int nearest = -1;
    constexpr int half = lane_count / 2;
    DIFFAM_UNROLL_ON_DEVICE for (int first = 0; first < lane_count; first += half) {
      const auto near = half_of(boxes, first);
      DIFFAM_UNROLL_ON_DEVICE for (int k = 0; k < half; ++k) {
        const int l = first + k;
        group_values<T, points> d2;
        threads.each([&](int g) {
          const T own = alike(box_squared_distances(near, point[g].p, one_lane{k}));
          d2[g] = own <= point[g].bound ? own : infinity<T>();
        });
        needs[l] = threads.which([&](int g) { return d2[g] <= out_of_reach<T>(); });
        low[l] = needs[l] != 0 ? threads.least_distance(d2) : infinity<T>();
        nearest = low[l] <= least ? l : nearest;
        least = low[l] <= least ? low[l] : least;
      }
    }
    if (nearest < 0) return;
    threads.join();  // no thread may overwrite the stack before all have read their entry
    DIFFAM_UNROLL_ON_DEVICE for (int l = 0; l < lane_count; ++l) {
      if (l != nearest && needs[l] != 0) write(entry_of(l), low[l], needs[l]);
    }
    DIFFAM_UNROLL_ON_DEVICE for (int l = 0; l < lane_count; ++l) {
      if (l == nearest) write(entry_of(l), low[l], needs[l]);
    }
    threads.join();
  }

  DIFFAM_LANE_OP void write(stored_index at, T d2, std::uint32_t needs) {
    if (writes_for_threads<points>()) {
      entry[top] = at;
      entry_d2[top] = d2;
      needed[top] = needs;
    }
    ++top;
  }

  DIFFAM_LANE_OP void visit() {
    while (top > 0) {
      --top;
      const stored_index at = entry[top];
      const T d2 = entry_d2[top];
      if ((needed[top] & threads.which([&](int g) { return d2 <= point[g].bound; })) == 0) continue;
      if (at < 0) {
        threads.each([&](int g) { point[g].measure(tree, ~at); });
      } else {
        const stored_index first = tree.first_child[at], flip = at < tree.leaf_parents ? ~stored_index{0} : 0;
        push(tree.boxes[at], [&](int l) { return (first + l) ^ flip; });
      }
    }
  }
};

}  // namespace DIFFAM_LANES

}  // namespace diffam::detail
