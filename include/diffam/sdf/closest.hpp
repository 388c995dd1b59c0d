// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The face closest to a point: through the tree, or by trying all (`brute_force`). Both end with the same
// formula, compiled once, and the same rule, least squared distance and then least face index, so they agree
// bit for bit.
#pragma once

#include "diffam/sdf/closest_lanes.hpp"
#include "diffam/sdf/tree_refit.hpp"
#include "diffam/sdf/tree_view.hpp"

namespace diffam {

namespace detail {

template <class T>
DIFFAM_HOST_DEVICE constexpr T rounding() {
  return sizeof(T) == 4 ? T(1.1920929e-7) : T(2.220446049250313e-16);
}

/// Beyond any distance that is finite, below the infinite one of an empty box.
template <class T>
DIFFAM_HOST_DEVICE constexpr T out_of_reach() {
  return sizeof(T) == 4 ? T(3.4028235e38) : T(1.7976931348623157e308);
}

inline namespace DIFFAM_LANES {

#if defined(__CUDA_ARCH__)  // lists are shared memory, and many searches run: depth hides no latency
inline constexpr int search_leaf_room = 4, search_node_room = lane_count;
#else
inline constexpr int search_leaf_room = 16, search_node_room = 256;
#endif

/// One point's search. It looks into one leaf first, for a bound; then it collects the leaves within the
/// bound and measures them a few at a time, which tightens it. Where a box or a triangle is near enough is
/// not to be foretold, so nothing branches on it: lists are appended to by table (`append_lanes`). The
/// planes' distances serve to prune; the few faces that they leave are settled at the end. The margin covers
/// the rounding of both.
///
/// No list can overflow: a full one is worked off (leaves), settled (kept) or left for a visit in depth
/// (nodes), whose stack has room for every tree (tests/sdf/rooms.cpp). So there is nothing to flag.
template <class T,                          // scalar
          int LeafRoom = search_leaf_room,  // leaves collected before they are measured
          int NodeRoom = search_node_room>  // nodes in breadth, beyond which a subtree is visited in depth
struct nearest_search {
  static_assert(LeafRoom >= 1 && NodeRoom >= lane_count);
  static constexpr int leaf_room = LeafRoom, kept_room = 2 * leaf_room + lane_count, node_room = NodeRoom;

  const tree_view<T>& tree;
  vec3<T> p;
  T margin;
  T lowest = out_of_reach<T>();  // least squared distance seen
  T bound = out_of_reach<T>();   // beyond it nothing can be the closest
  int leaf_count = 0, kept_count = 0;
  stored_index last_leaf = 0;           // with the lowest distance, or nearly
  nearest_face<T> best = no_face<T>();  // of the faces settled
  lane_list<leaf_room + lane_count, struct leaves_of_search> leaves;
  stored_index kept[kept_room];  // leaves with faces that may be the closest
  lane_vector<T> kept_d2[kept_room];

  DIFFAM_HOST_DEVICE nearest_search(const tree_view<T>& t, const vec3<T>& point)
      : tree(t), p(point), margin(T(64) * rounding<T>() * *t.size) {}

  DIFFAM_LANE_OP void lower(T d2) {
    using std::sqrt;
    lowest = d2 < lowest ? d2 : lowest;
    const T d = sqrt(lowest) * (T(1) + T(64) * rounding<T>()) + margin;
    const T d_d = d * d;
    bound = d_d < out_of_reach<T>() ? d_d : out_of_reach<T>();
  }

  /// A first bound from a leaf.
  DIFFAM_LANE_OP void look_into(stored_index leaf) {
    const T d2 = least_of(plane_squared_distances(tree.planes[leaf], p));
    last_leaf = d2 < lowest ? leaf : last_leaf;
    lower(d2);
  }

  /// A first bound from the subtree of a node, going to the nearest child each time.
  DIFFAM_LANE_OP void probe(stored_index node) {
    for (;;) {
      const lane_vector<T> d2 = box_squared_distances(tree.boxes[node], p);
      const lane_set nearest = to_set(d2 <= lane_vector<T>(least_of(d2)));
      const stored_index child = tree.first_child[node] + (nearest == 0 ? 0 : first_lane(nearest));
      if (node < tree.leaf_parents) return look_into(child);
      node = child;
    }
  }

  /// Measures the leaves collected and keeps those with faces that may be the closest.
  DIFFAM_LANE_OP void measure_leaves() {
    if (kept_count > kept_room - leaf_room - lane_count) settle_kept();
    lane_vector<T>* const d2 = kept_d2 + kept_count;
    lane_vector<T> low(out_of_reach<T>());
    for (int i = 0; i < leaf_count; ++i) {
      d2[i] = plane_squared_distances(tree.planes[leaves[i]], p);
      low = least(d2[i], low);
    }
    lower(least_of(low));
    for (int i = 0; i < leaf_count; ++i) {
      const lane_vector<T> d = d2[i];
      kept_d2[kept_count] = d;
      kept[kept_count] = leaves[i];
      kept_count += to_set(d <= lane_vector<T>(bound)) != 0 ? 1 : 0;
    }
    leaf_count = 0;
  }

  /// The formula on the faces kept that the bound still allows.
  DIFFAM_LANE_OP void settle_kept() {
    for (int i = 0; i < kept_count; ++i) {
      const lane_set near = to_set(kept_d2[i] <= lane_vector<T>(bound));
      if (near != 0) settle_lanes(tree.triangles[kept[i]], near, p, best);
    }
    kept_count = 0;
  }

  /// Visits the children of a node: leaves are collected, nodes appended to `nodes`; returns how many.
  DIFFAM_LANE_OP int expand(stored_index node, stored_index* nodes) {
    const lane_set near = to_set(box_squared_distances(tree.boxes[node], p) <= lane_vector<T>(bound));
    const bool above_leaves = node < tree.leaf_parents;
    const int count = append_lanes(near, tree.first_child[node], above_leaves ? leaves + leaf_count : nodes);
    leaf_count += above_leaves ? count : 0;
    if (leaf_count > leaf_room) measure_leaves();
    return above_leaves ? 0 : count;
  }

  /// Visits a subtree in depth: little memory, whatever the bound.
  DIFFAM_LANE_CALL void visit_deep(stored_index root) {
    lane_list<tree_stack_size + lane_count, struct stack_of_search> stack;
    int top = append_lanes(1u, root, stack);
    while (top > 0) {
      const stored_index node = stack[--top];
      top += expand(node, stack + top);
    }
  }

  /// Visits the subtrees of `count` nodes at the front of `nodes` (node_room), in breadth: the next node is
  /// known before the last one is done, and the processor need not wait for it.
  DIFFAM_LANE_OP void visit(stored_index* nodes, int count) {
    for (int next = 0; next < count; ++next) {
      if (node_room == lane_count || count > node_room - lane_count)
        visit_deep(nodes[next]);
      else
        count += expand(nodes[next], nodes + count);
    }
    measure_leaves();
  }
};

/// A search begins at the leaf that holds face `hint` of [first, last), where it is one.
template <class Search>
DIFFAM_LANE_OP bool look_at_hint(Search& s, stored_index hint, stored_index first, stored_index last) {
  if (hint < first || hint >= last) return false;
  s.look_into(s.tree.lane_of_face[hint] / lane_count);
  return true;
}

template <class Search, class T>
DIFFAM_HOST_DEVICE nearest_face<T> search_mesh(const tree_view<T>& tree, stored_index mesh, const vec3<T>& p,
                                               stored_index hint) {
  Search s(tree, p);
  look_at_hint(s, hint, tree.first_face[mesh], tree.first_face[mesh + 1]);
  const stored_index root = tree.root[mesh];
  s.probe(root);
  lane_list<Search::node_room, struct nodes_of_search> nodes;
  s.visit(nodes, append_lanes(1u, root, nodes));
  s.settle_kept();
  return s.best;
}

}  // namespace DIFFAM_LANES

}  // namespace detail

/// The closest face of one mesh. `hint`, a face of that mesh or -1, only makes the search shorter.
template <class T>
DIFFAM_HOST_DEVICE nearest_face<T> nearest_in_mesh(const tree_view<T>& tree, stored_index mesh,
                                                   const vec3<T>& p, stored_index hint = -1) {
  return detail::search_mesh<detail::nearest_search<T>>(tree, mesh, p, hint);
}

/// The closest face of all meshes.
template <class T>
DIFFAM_HOST_DEVICE nearest_face<T> nearest_in_scene(const tree_view<T>& tree, const vec3<T>& p,
                                                    stored_index hint = -1) {
  detail::nearest_search<T> s(tree, p);
  detail::look_at_hint(s, hint, stored_index{0}, tree.first_face[tree.meshes]);
  T next = detail::out_of_reach<T>();
  stored_index nearest = 0;
  for (stored_index m = 0; m < tree.meshes; m += lane_count) {
    const lane_vector<T> d2 = box_squared_distances(tree.mesh_boxes[m / lane_count], p);
    const T low = least_of(d2);
    const lane_set at = to_set(d2 <= lane_vector<T>(low));
    nearest = low < next && at != 0 ? m + first_lane(at) : nearest;
    next = low < next ? low : next;
  }
  s.probe(tree.root[nearest]);
  lane_list<detail::nearest_search<T>::node_room, struct nodes_of_search> nodes;
  for (stored_index m = 0; m < tree.meshes; m += lane_count) {
    const lane_vector<T> d2 = box_squared_distances(tree.mesh_boxes[m / lane_count], p);
    const int count = append_lanes(to_set(d2 <= lane_vector<T>(s.bound)), m, nodes);
    for (int i = first_own_lane(); i < count; i += own_lane_step) nodes[i] = tree.root[nodes[i]];
    join_lanes();
    s.visit(nodes, count);
  }
  s.settle_kept();
  return s.best;
}

/// The same by trying every face of [first, last): the reference for tests.
template <class T>
DIFFAM_HOST_DEVICE nearest_face<T> nearest_by_brute_force(const tree_view<T>& tree, stored_index first,
                                                          stored_index last, const vec3<T>& p) {
  nearest_face<T> best = detail::no_face<T>();
  triangle_lanes<T> f{};
  for (stored_index begin = first; begin < last; begin += lane_count) {
    const int count = last - begin < lane_count ? last - begin : lane_count;
    for (int l = 0; l < count; ++l) {
      f.face[l] = begin + l;
      for (int c = 0; c < 3; ++c)
        for (int k = 0; k < 3; ++k) f.v[c][k][l] = tree.corner(begin + l, c)[k];
    }
    detail::settle_lanes(f, (1u << count) - 1, p, best);
  }
  return best;
}

}  // namespace diffam
