// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Searches for the face that is closest to a point: through the tree, or by brute force for tests. Both use
// the same compiled formula and the same tie rule (least squared distance, then least face index). Therefore
// their results agree bit for bit.
#pragma once

#include "diffam/sdf/search/breadth_first.hpp"
#include "diffam/sdf/search/nearest_first.hpp"

namespace diffam {

namespace detail {

inline namespace DIFFAM_LANES {

#if defined(__CUDA_ARCH__)
template <class T, int Threads>
using nearest_search = nearest_first_search<T, Threads / lane_count>;
#else
template <class T, int>
using nearest_search = breadth_first_search<T>;
#endif

/// The leaf that holds face `hint`, or -1 if `hint` is outside of [first, last).
template <class T>
DIFFAM_LANE_OP stored_index leaf_of(const tree_view<T>& tree, stored_index hint, stored_index first,
                                    stored_index last) {
  return hint >= 0 && hint >= first && hint < last ? tree.lane_of_face[hint] / lane_count : stored_index{-1};
}

template <class Search, class T>
DIFFAM_HOST_DEVICE nearest_face<T> search_mesh(const tree_view<T>& tree, stored_index mesh, const vec3<T>& p,
                                               stored_index hint) {
  if (!tree.is_finite()) return no_face<T>();
  Search s(tree, p);
  s.start_at(leaf_of(tree, hint, tree.first_face[mesh], tree.first_face[mesh + 1]));
  return s.in_mesh(mesh);
}

template <class Search, class T>
DIFFAM_HOST_DEVICE nearest_face<T> search_scene(const tree_view<T>& tree, const vec3<T>& p,
                                                stored_index hint) {
  if (!tree.is_finite()) return no_face<T>();
  Search s(tree, p);
  s.start_at(leaf_of(tree, hint, stored_index{0}, tree.first_face[tree.meshes]));
  return s.in_scene();
}

/// The search on a CPU. It starts at a leaf that `first_leaves` has found.
template <class T>
DIFFAM_LANE_CALL nearest_face<T> search_scene_from(const tree_view<T>& tree, const vec3<T>& p,
                                                   stored_index leaf, stored_index hint) {
  if (!tree.is_finite()) return no_face<T>();
  breadth_first_search<T> s(tree, p);
  s.start_at(leaf_of(tree, hint, stored_index{0}, tree.first_face[tree.meshes]));
  return s.in_scene(leaf);
}

}  // namespace DIFFAM_LANES

}  // namespace detail

/// The closest face of one mesh. `hint` is a face of that mesh, or -1. A good hint makes the search faster
/// and does not change its result. `Threads` is the number of device threads that share the search (the
/// kernel's `threads_per_index`).
template <int Threads = lane_count, class T>
DIFFAM_HOST_DEVICE nearest_face<T> nearest_in_mesh(const tree_view<T>& tree, stored_index mesh,
                                                   const vec3<T>& p, stored_index hint = -1) {
  return detail::search_mesh<detail::nearest_search<T, Threads>>(tree, mesh, p, hint);
}

/// The closest face of all meshes. The parameters are those of `nearest_in_mesh`.
template <int Threads = lane_count, class T>
DIFFAM_HOST_DEVICE nearest_face<T> nearest_in_scene(const tree_view<T>& tree, const vec3<T>& p,
                                                    stored_index hint = -1) {
  return detail::search_scene<detail::nearest_search<T, Threads>>(tree, p, hint);
}

/// The closest face of [first, last), found by trying every face. It is the reference for tests.
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
    detail::resolve_triangles(f, (1u << count) - 1, p, best);
  }
  return best;
}

}  // namespace diffam
