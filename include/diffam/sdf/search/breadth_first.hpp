// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The search for the closest face on a CPU. It visits the tree breadth first, level by level. Then the CPU
// knows the next nodes before it has finished the present one, and need not wait for memory.
#pragma once

#include "diffam/sdf/search/bound.hpp"

namespace diffam::detail {

inline namespace DIFFAM_LANES {

/// Prefetches the data that the distances to the faces of a leaf need.
template <class T>
DIFFAM_LANE_OP void prefetch_leaf(const tree_view<T>& tree, stored_index leaf) {
  prefetch_all(tree.frames + leaf);
  prefetch_all(&tree.triangles[leaf].v[0]);
}

/// Descends from each node at[k] to a leaf, each time to the child whose box is nearest to p[k]. The leaf
/// gives a first bound. Several points descend at the same time, so that the CPU works on one while it waits
/// for the nodes of another.
template <int Count, class T>
DIFFAM_LANE_OP void descend(const tree_view<T>& tree, const vec3<T>* p, stored_index* at) {
  bool deeper[Count];
  for (int k = 0; k < Count; ++k) deeper[k] = true;
  for (int left = Count; left > 0;) {
    DIFFAM_UNROLL for (int k = 0; k < Count; ++k) {
      if (!deeper[k]) continue;
      const lane_vector<T> d2 = box_squared_distances(tree.boxes[at[k]], p[k]);
      const lane_set nearest = to_set(d2 <= lane_vector<T>(least_of(d2)));
      deeper[k] = at[k] >= tree.leaf_parents;
      left -= deeper[k] ? 0 : 1;
      at[k] = tree.first_child[at[k]] + (nearest == 0 ? 0 : first_lane(nearest));
    }
  }
}

/// The root of the mesh whose box is nearest to p.
template <class T>
DIFFAM_LANE_OP stored_index nearest_root(const tree_view<T>& tree, const vec3<T>& p) {
  T next = out_of_reach<T>();
  stored_index nearest = 0;
  for (stored_index m = 0; m < tree.meshes; m += lane_count) {
    const lane_vector<T> d2 = box_squared_distances(tree.mesh_boxes[m / lane_count], p);
    const T low = least_of(d2);
    const lane_set at = to_set(d2 <= lane_vector<T>(low));
    nearest = low < next && at != 0 ? m + first_lane(at) : nearest;
    next = low < next ? low : next;
  }
  return tree.root[nearest];
}

/// Finds, for each of several points, a leaf of the scene that gives a first bound.
template <int Count, class T>
DIFFAM_LANE_OP void first_leaves(const tree_view<T>& tree, const vec3<T>* p, stored_index* leaf) {
  for (int k = 0; k < Count; ++k) leaf[k] = nearest_root(tree, p[k]);
  descend<Count>(tree, p, leaf);
  for (int k = 0; k < Count; ++k) prefetch_leaf(tree, leaf[k]);
}

/// The search for the face closest to one point. First one or two leaves give a bound. Then the search
/// collects the leaves within the bound and measures them a few at a time, which lowers the bound. The branch
/// predictor cannot predict whether a box or a triangle is near enough. Therefore the code does not branch on
/// this; `append_lanes` appends to lists by a table. At the end `closest_on_triangle` is applied to the few
/// faces that remain.
///
/// No list can overflow (tests/sdf/search/containing_sets.cpp). If the list of leaves is full, its leaves are
/// measured. If the list of kept leaves is full, their faces are resolved. If the list of nodes is full, the
/// next subtree is visited depth first, with a stack that has room for every tree. Therefore this search
/// raises no flag.
template <class T,             // scalar
          int LeafRoom = 16,   // number of leaves that are collected before they are measured
          int NodeRoom = 256>  // length of the list of nodes; if it is full, subtrees are visited depth first
struct breadth_first_search : search_bound<T> {
  using search_bound<T>::tree, search_bound<T>::p;
  using search_bound<T>::lower, search_bound<T>::within;
  using search_bound<T>::frame_distances, search_bound<T>::resolve_exactly;
  static_assert(LeafRoom >= 1 && NodeRoom >= lane_count);
  static constexpr int leaf_room = LeafRoom, kept_room = 2 * leaf_room + lane_count, node_room = NodeRoom;

  nearest_face<T> best = no_face<T>();  // the closest face found so far
  stored_index seen[2] = {-1, -1};      // leaves that gave the first bound
  int leaf_count = 0, kept_count = 0;
  lane_list<stored_index, leaf_room + lane_count, struct leaves_of_search> leaves;
  stored_index kept[kept_room];  // leaves with faces within the bound
  lane_vector<T> kept_d2[kept_room];

  DIFFAM_HOST_DEVICE breadth_first_search(const tree_view<T>& t, const vec3<T>& point)
      : search_bound<T>(t, point) {}

  /// Whether the leaves are too many for the cache. Then the search prefetches them.
  DIFFAM_LANE_OP bool large() const { return tree.discs != nullptr; }

  /// Makes the search begin with this leaf, too, if it is >= 0.
  DIFFAM_LANE_OP void start_at(stored_index leaf) { seen[1] = leaf; }

  /// Measures `leaf` and the leaf of `start_at` for a first bound. Both are in the list of kept leaves, so
  /// the traversal skips them.
  DIFFAM_LANE_OP void begin(stored_index leaf) {
    seen[0] = leaf;
    seen[1] = seen[1] < 0 ? leaf : seen[1];
    for (int i = 0; i < 2; ++i) {
      kept[i] = seen[i];
      kept_d2[i] = frame_distances(seen[i]);
    }
    lower(least_of(least(kept_d2[0], kept_d2[1])));
    kept_count = seen[0] == seen[1] ? 1 : 2;
  }

  /// Measures the collected leaves, and keeps the ones with faces within the bound.
  DIFFAM_LANE_OP void measure_leaves() {
    if (kept_count > kept_room - leaf_room - lane_count) resolve_kept();
    lane_vector<T>* const d2 = kept_d2 + kept_count;
    lane_vector<T> low(out_of_reach<T>());
    const int prefetch_distance = large() ? 2 : leaf_room + lane_count;
    for (int i = 0; i < leaf_count; ++i) {
      if (i + prefetch_distance < leaf_count) prefetch_leaf(tree, leaves[i + prefetch_distance]);
      d2[i] = frame_distances(leaves[i]);
      low = least(d2[i], low);
    }
    lower(least_of(low));
    for (int i = 0; i < leaf_count; ++i) {
      const lane_vector<T> d = d2[i];
      kept_d2[kept_count] = d;
      kept[kept_count] = leaves[i];
      kept_count += within(d) != 0 ? 1 : 0;
    }
    leaf_count = 0;
  }

  /// Applies the exact formula to the faces of the kept leaves that are still within the bound.
  DIFFAM_LANE_OP void resolve_kept() {
    if (large())
      for (int i = 0; i < kept_count; ++i) prefetch_all(tree.triangles + kept[i]);
    for (int i = 0; i < kept_count; ++i) resolve_exactly(kept[i], kept_d2[i], best);
    kept_count = 0;
  }

  /// The set of children of a node within the bound. Discs also lower the bound. For a child that is a leaf,
  /// the disc alone decides.
  DIFFAM_LANE_OP lane_set near_children(stored_index node) {
    if (tree.discs == nullptr) return within(box_squared_distances(tree.boxes[node], p));
    const disc_distances<T> d = disc_squared_distances(tree.discs[node], p);
    const T to_surface = least_of(d.to_centre);
    if (to_surface < this->lowest) lower(to_surface);
    return within(node < tree.leaf_parents ? d.to_disc
                                           : larger(box_squared_distances(tree.boxes[node], p), d.to_disc));
  }

  /// Visits the children of a node: collects leaves, and appends nodes to `nodes`. Returns the number of
  /// appended nodes. Because nodes come level by level, the branch predictor knows whether children are nodes
  /// or leaves.
  DIFFAM_LANE_OP int expand(stored_index node, stored_index* nodes) {
    lane_set near = near_children(node);
    const stored_index first = tree.first_child[node];
    if (node >= tree.leaf_parents) return append_lanes(near, first, nodes);
    for (const stored_index leaf : seen) near &= ~lane_alone(leaf - first);
    leaf_count += append_lanes(near, first, leaves + leaf_count);
    if (leaf_count > leaf_room) measure_leaves();
    return 0;
  }

  /// Visits a subtree depth first, with a small stack that is sufficient for any bound.
  DIFFAM_LANE_CALL void visit_deep(stored_index root) {
    lane_list<stored_index, tree_stack_size + lane_count, struct stack_of_search> stack;
    int top = append_lanes(1u, root, stack);
    while (top > 0) {
      const stored_index node = stack[--top];
      top += expand(node, stack + top);
    }
  }

  /// Visits breadth first the subtrees of the first `count` entries of `nodes` (capacity `node_room`).
  DIFFAM_LANE_OP void visit(stored_index* nodes, int count) {
    for (int next = 0; next < count; ++next) {
      if (count > node_room - lane_count)
        visit_deep(nodes[next]);
      else
        count += expand(nodes[next], nodes + count);
    }
    measure_leaves();
  }

  /// The closest face of one mesh.
  DIFFAM_LANE_OP nearest_face<T> in_mesh(stored_index mesh) {
    const stored_index root = tree.root[mesh];
    stored_index leaf = root;
    descend<1>(tree, &p, &leaf);
    begin(leaf);
    lane_list<stored_index, node_room, struct nodes_of_search> nodes;
    visit(nodes, append_lanes(1u, root, nodes));
    resolve_kept();
    return best;
  }

  /// The closest face of all meshes.
  DIFFAM_LANE_OP nearest_face<T> in_scene() {
    stored_index leaf;
    first_leaves<1>(tree, &p, &leaf);
    return in_scene(leaf);
  }

  /// The same, with `leaf` for the first bound.
  DIFFAM_LANE_OP nearest_face<T> in_scene(stored_index leaf) {
    begin(leaf);
    lane_list<stored_index, node_room, struct nodes_of_search> nodes;
    for (stored_index m = 0; m < tree.meshes; m += lane_count) {
      const lane_set near = within(box_squared_distances(tree.mesh_boxes[m / lane_count], p));
      const int count = append_lanes(near, m, nodes);
      for (int i = first_own_lane(); i < count; i += own_lane_step) nodes[i] = tree.root[nodes[i]];
      join_lanes();
      visit(nodes, count);
    }
    resolve_kept();
    return best;
  }
};

}  // namespace DIFFAM_LANES

}  // namespace diffam::detail
