// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The face closest to a point: through the tree, nearest box first, or by trying all (`brute_force`). Both
// end with the same scalar formula and the same rule, least squared distance and then least face index, so
// they agree bit for bit.
#pragma once

#include "diffam/sdf/tree_refit.hpp"
#include "diffam/sdf/tree_view.hpp"

namespace diffam {

template <class T>
struct nearest_face {
  T squared_distance;
  stored_index face;  // -1: none yet
};

namespace detail {

template <class T>
DIFFAM_HOST_DEVICE constexpr T rounding() {
  return sizeof(T) == 4 ? T(1.1920929e-7) : T(2.220446049250313e-16);
}

/// One point's search. Lanes give squared distances up to rounding, for pruning; the few faces that they
/// leave are kept and settled at the end by the scalar formula. The margin covers the rounding of both.
template <class T>
struct nearest_search {
  static constexpr int capacity = 16;

  const tree_view<T>& tree;
  vec3<T> p;
  T margin;
  nearest_face<T> best{infinity<T>(), -1};  // of the faces settled
  T lowest = infinity<T>();                 // least squared distance seen
  T bound = infinity<T>();                  // beyond it nothing can be the closest
  T kept_d2[capacity];
  stored_index kept[capacity];  // faces that may be the closest
  int count = 0;

  DIFFAM_HOST_DEVICE nearest_search(const tree_view<T>& t, const vec3<T>& point)
      : tree(t), p(point), margin(T(64) * rounding<T>() * *t.size) {}

  DIFFAM_HOST_DEVICE void lower(T d2) {
    using std::sqrt;
    if (!(d2 < lowest)) return;
    lowest = d2;
    const T d = sqrt(d2) * (T(1) + T(64) * rounding<T>()) + margin;
    bound = d * d;
  }

  /// Compiled once, so that every caller rounds alike.
  DIFFAM_NOINLINE DIFFAM_HOST_DEVICE void settle(stored_index f) {
    const T d2 = tree.closest_on(f, p).squared_distance;
    if (d2 > best.squared_distance || (d2 == best.squared_distance && f >= best.face)) return;
    best = {d2, f};
    lower(d2);
  }

  DIFFAM_HOST_DEVICE void settle_kept() {
    for (int i = 0; i < count; ++i)
      if (kept_d2[i] <= bound) settle(kept[i]);
    count = 0;
  }

  DIFFAM_HOST_DEVICE void visit_leaf(stored_index leaf) {
    const triangle_lanes<T>& f = tree.triangles[leaf];
    const lane_vector<T> all = triangle_squared_distances(f, p);
    lane_set near = to_set(all <= lane_vector<T>(bound));
    if (near == 0) return;
    T d2[lane_count];
    all.store(d2);
    T least = d2[0];
    for (int l = 1; l < lane_count; ++l) least = d2[l] < least ? d2[l] : least;
    lower(least);
    for (; near != 0; near &= near - 1) {
      const int l = first_lane(near);
      if (!(d2[l] <= bound) || f.face[l] < 0) continue;
      if (count == capacity) settle_kept();
      kept_d2[count] = d2[l];
      kept[count++] = f.face[l];
    }
  }

  /// Looks into one leaf of the subtree, going to the nearest child each time: a first bound.
  DIFFAM_HOST_DEVICE void probe(stored_index node) {
    for (;;) {
      T d2[lane_count];
      box_squared_distances(tree.boxes[node], p).store(d2);
      int nearest = 0;
      for (int l = 1; l < lane_count; ++l) nearest = d2[l] < d2[nearest] ? l : nearest;
      const stored_index child = tree.first_child[node] + nearest;
      if (node < tree.leaf_parents) return visit_leaf(child);
      node = child;
    }
  }

  /// Visits the subtree of a node.
  DIFFAM_HOST_DEVICE void visit(stored_index root) {
    struct entry {
      T d2;
      stored_index item;  // a node, or ~leaf
    };
    entry stack[tree_stack_size];
    int top = 0;
    if (lowest == infinity<T>()) probe(root);
    stack[top++] = {T(0), root};
    while (top > 0) {
      const entry e = stack[--top];
      if (e.d2 > bound) continue;
      if (e.item < 0) {
        visit_leaf(~e.item);
        continue;
      }
      const lane_vector<T> all = box_squared_distances(tree.boxes[e.item], p);
      T d2[lane_count];
      all.store(d2);
      const stored_index child = tree.first_child[e.item];
      const bool leaves = e.item < tree.leaf_parents;
      const int base = top;
      for (lane_set near = to_set(all <= lane_vector<T>(bound)); near != 0; near &= near - 1) {
        const int l = first_lane(near);
        if (d2[l] == infinity<T>()) continue;  // an empty lane, before the first bound
        int at = top++;
        for (; at > base && stack[at - 1].d2 < d2[l]; --at) stack[at] = stack[at - 1];
        stack[at] = {d2[l], leaves ? ~(child + l) : child + l};
      }
    }
  }

  /// Visits all meshes, those with the nearest boxes first.
  DIFFAM_HOST_DEVICE void visit_all() {
    T done = T(-1);  // boxes up to this distance have been visited
    for (;;) {
      T next = infinity<T>();
      for (stored_index m = 0; m < tree.meshes; m += lane_count) {
        T d2[lane_count];
        box_squared_distances(tree.mesh_boxes[m / lane_count], p).store(d2);
        for (int l = 0; l < lane_count; ++l) next = d2[l] > done && d2[l] < next ? d2[l] : next;
      }
      if (next == infinity<T>() || next > bound) return;
      for (stored_index m = 0; m < tree.meshes; m += lane_count) {
        T d2[lane_count];
        box_squared_distances(tree.mesh_boxes[m / lane_count], p).store(d2);
        for (int l = 0; l < lane_count; ++l)
          if (d2[l] == next) visit(tree.root[m + l]);
      }
      done = next;
    }
  }
};

}  // namespace detail

/// The closest face of one mesh. `hint`, a face of that mesh or -1, only makes the search shorter.
template <class T>
DIFFAM_HOST_DEVICE nearest_face<T> nearest_in_mesh(const tree_view<T>& tree, stored_index mesh,
                                                   const vec3<T>& p, stored_index hint = -1) {
  detail::nearest_search<T> s(tree, p);
  if (hint >= tree.first_face[mesh] && hint < tree.first_face[mesh + 1]) s.settle(hint);
  s.visit(tree.root[mesh]);
  s.settle_kept();
  return s.best;
}

/// The closest face of all meshes.
template <class T>
DIFFAM_HOST_DEVICE nearest_face<T> nearest_in_scene(const tree_view<T>& tree, const vec3<T>& p,
                                                    stored_index hint = -1) {
  detail::nearest_search<T> s(tree, p);
  if (hint >= 0 && hint < tree.first_face[tree.meshes]) s.settle(hint);
  s.visit_all();
  s.settle_kept();
  return s.best;
}

/// The same by trying every face of [first, last): the reference for tests.
template <class T>
DIFFAM_HOST_DEVICE nearest_face<T> nearest_by_brute_force(const tree_view<T>& tree, stored_index first,
                                                          stored_index last, const vec3<T>& p) {
  detail::nearest_search<T> s(tree, p);
  for (stored_index f = first; f < last; ++f) s.settle(f);
  return s.best;
}

}  // namespace diffam
