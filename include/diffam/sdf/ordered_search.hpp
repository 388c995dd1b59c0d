// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The search of a device, where eight threads go through a tree together and many searches run at once: what
// counts is how few nodes and leaves it looks at and how little it keeps. Nearest first, in depth, with every
// entry's distance beside it, so that what was near enough once is left out when it no longer is.
#pragma once

#include "diffam/sdf/search_bound.hpp"

namespace diffam::detail {

inline namespace DIFFAM_LANES {

template <class T>
struct ordered_search : search_bound<T> {
  using search_bound<T>::tree, search_bound<T>::p, search_bound<T>::bound, search_bound<T>::best;
  using search_bound<T>::lower, search_bound<T>::within, search_bound<T>::settle;

  // A node, or ~leaf. A tree leaves seven a level behind and eight of the last; other meshes are seven more.
  lane_list<stored_index, tree_stack_size + lane_count, struct entries_of_search> entry;
  lane_list<T, tree_stack_size + lane_count, struct distances_of_search> entry_d2;
  int top = 0;
  stored_index seen = INT32_MAX;   // the entry that was looked into before the search
  stored_index pending_leaf = -1;  // the latest with a face within the bound: settled when another has one
  lane_vector<T> pending_d2{};

  DIFFAM_HOST_DEVICE ordered_search(const tree_view<T>& t, const vec3<T>& point)
      : search_bound<T>(t, point) {}

  DIFFAM_LANE_OP void look_into(stored_index leaf) {
    seen = ~leaf;
    measure(leaf);
  }

  DIFFAM_LANE_OP nearest_face<T> in_mesh(stored_index mesh) {
    push(lane_vector<T>(T(0)), 1u, tree.root[mesh], 0);
    visit();
    return settled();
  }
  DIFFAM_LANE_OP nearest_face<T> in_scene() {
    for (stored_index m = 0; m < tree.meshes; m += lane_count) {
      const lane_vector<T> d2 = box_squared_distances(tree.mesh_boxes[m / lane_count], p);
      push(d2, within(d2), m, 0);
      for (int i = first_own_lane(); i < top; i += own_lane_step) entry[i] = tree.root[entry[i]];
      join_lanes();
      visit();
    }
    return settled();
  }

 private:
  DIFFAM_LANE_OP void measure(stored_index leaf) {
    const lane_vector<T> d2 = plane_squared_distances(tree.planes[leaf], p);
    lower(least_of(d2));
    if (within(d2) == 0) return;
    if (pending_leaf >= 0) settle(pending_leaf, pending_d2);
    pending_leaf = leaf;
    pending_d2 = d2;
  }

  /// The lanes `near`, numbered from `first`, farthest first; `flip` is ~0 for leaves.
  DIFFAM_LANE_OP void push(const lane_vector<T>& d2, lane_set near, stored_index first, stored_index flip) {
    const lane_values<T> all(d2);
    const own_lane_values<T> own(d2);
    join_lanes();
    for (int l = first_own_lane(); l < lane_count; l += own_lane_step) {
      int before = 0;
      for (int other = 0; other < lane_count; ++other) {
        const T theirs = all[other];
        const bool farther = theirs > own[l] || (theirs == own[l] && other > l);
        before += farther && (near >> other & 1u) != 0 ? 1 : 0;
      }
      if ((near >> l & 1u) == 0) continue;
      entry[top + before] = (first + l) ^ flip;
      entry_d2[top + before] = own[l];
    }
    join_lanes();
    top += count_lanes(near);
  }

  DIFFAM_LANE_OP void visit() {
    while (top > 0) {
      --top;
      const stored_index at = entry[top];
      const T at_d2 = entry_d2[top];
      if (at_d2 > bound || at == seen) continue;
      if (at < 0) {
        measure(~at);
      } else {
        const lane_vector<T> d2 = box_squared_distances(tree.boxes[at], p);
        push(d2, within(d2), tree.first_child[at], at < tree.leaf_parents ? ~stored_index{0} : 0);
      }
    }
  }

  DIFFAM_LANE_OP nearest_face<T> settled() {
    if (pending_leaf >= 0) settle(pending_leaf, pending_d2);
    return best;
  }
};

}  // namespace DIFFAM_LANES

}  // namespace diffam::detail
