// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Sign policies decide whether a point is inside a mesh. A policy is a small value with one host-device
// member template, `inside(tree, mesh, p)`. The library calls it only for points within the box of the mesh.
// Two constants describe the policy: `needs_dipoles`, whether it needs the dipoles of the tree, and
// `follows_winding`, whether its answer changes only across the surface of a closed mesh.
#pragma once

#include <concepts>

#include "diffam/mesh/normals.hpp"
#include "diffam/sdf/closest.hpp"
#include "diffam/sdf/winding.hpp"

namespace diffam {

/// A policy that decides whether a point is inside a mesh.
template <class S>
concept sign_policy = requires(const S& s, const tree_view<double>& t, const vec3<double>& p) {
  { S::needs_dipoles } -> std::convertible_to<bool>;
  { S::follows_winding } -> std::convertible_to<bool>;
  { s.inside(t, stored_index{}, p) } -> std::same_as<bool>;
};

/// Calls `inside` with `Groups` groups of device threads, and all of them get the answer. If the policy
/// cannot share its work among groups, each group does all of it.
template <int Groups, class Sign, class T>
DIFFAM_HOST_DEVICE bool inside_by_groups(const Sign& sign, const tree_view<T>& tree, stored_index mesh,
                                         const vec3<T>& p) {
  if constexpr (requires { sign.template inside<Groups>(tree, mesh, p); })
    return sign.template inside<Groups>(tree, mesh, p);
  else
    return sign.inside(tree, mesh, p);
}

/// Inside means that the exact winding number is above one half. It sums over all faces, so it is slow. It is
/// the reference for tests.
struct exact_winding {
  static constexpr bool needs_dipoles = false;
  static constexpr bool follows_winding = true;

  template <class T>
  DIFFAM_HOST_DEVICE bool inside(const tree_view<T>& tree, stored_index mesh, const vec3<T>& p) const {
    return exact_winding_number(tree, mesh, p) > T(0.5);
  }
};

/// Inside means that the winding number is above one half, with distant patches as dipoles.
///
/// The winding number of a closed mesh is whole. If its approximation is between 1/4 and 3/4, it is computed
/// again with twice the accuracy; if it is still in this range, it is the sum of all faces. The winding
/// number of an open mesh takes any value. It is computed with a bound of its error, which is lowered step by
/// step while one half is within the bound; in the end it is the sum of all faces.
struct barnes_hut_winding {
  static constexpr bool needs_dipoles = true;
  static constexpr bool follows_winding = true;
  double beta = 1;  // of closed meshes: a patch is distant if it is farther from the point than beta times
                    // its radius

  template <int Groups = 1, class T>
  DIFFAM_HOST_DEVICE bool inside(const tree_view<T>& tree, stored_index mesh, const vec3<T>& p) const {
    if (!tree.closed) return inside_open<Groups>(tree, mesh, p);
    T w = winding_number<Groups>(tree, mesh, p, static_cast<T>(beta));
    if (in_doubt(w)) w = winding_number<Groups>(tree, mesh, p, static_cast<T>(2 * beta));
    if (in_doubt(w)) w = winding_number_of_leaves<Groups>(tree, mesh, p);
    return w > T(0.5);
  }

 private:
  template <class T>
  static DIFFAM_HOST_DEVICE bool in_doubt(T w) {
    return w > T(0.25) && w < T(0.75);
  }

  template <int Groups, class T>
  static DIFFAM_HOST_DEVICE bool inside_open(const tree_view<T>& tree, stored_index mesh, const vec3<T>& p) {
    constexpr T first = T(1.0 / 32), last = T(1.0 / (1 << 27));  // errors of a patch
    constexpr T rounding = sizeof(T) == 4 ? T(8e-6) : T(1e-14);
    for (T tolerance = first; tolerance >= last; tolerance *= T(1.0 / 16)) {
      const bounded_winding<T> w = winding_number_within<Groups>(tree, mesh, p, tolerance);
      const T beyond = w.value - T(0.5), doubt = w.error + rounding;
      if (beyond > doubt || beyond < -doubt) return beyond > T(0);
    }
    return winding_number_of_leaves<Groups>(tree, mesh, p) > T(0.5);
  }
};

/// Inside means that the point lies behind the angle-weighted pseudo-normal at the closest point (Baerentzen
/// & Aanaes 2005). This policy is fast, but wrong near self-intersections.
struct pseudo_normal {
  static constexpr bool needs_dipoles = false;
  static constexpr bool follows_winding = false;

  template <class T>
  DIFFAM_HOST_DEVICE bool inside(const tree_view<T>& tree, stored_index mesh, const vec3<T>& p) const {
    const stored_index f = nearest_in_mesh(tree, mesh, p).face;
    if (f < 0) return false;
    const closest_point<T> c = tree.closest_on(f, p);
    return dot(c.offset, normal(tree, f, c.feature)) < T(0);
  }

  /// The pseudo-normal of a feature of face f, not normalised.
  template <class T>
  static DIFFAM_HOST_DEVICE vec3<T> normal(const tree_view<T>& tree, stored_index f, triangle_feature where) {
    if (where == triangle_feature::interior) return tree.face_normal(f);
    const int k = static_cast<int>(where);
    if (k >= 3) {
      const stored_index g = tree.twin[3 * f + k - 3];
      const vec3<T> n = normalized(tree.face_normal(f));
      return g < 0 ? n : n + normalized(tree.face_normal(g));
    }
    const stored_index v = tree.faces[f][k];
    vec3<T> sum{};
    for (stored_index i = tree.corner_first[v]; i < tree.corner_first[v + 1]; ++i) {
      const stored_index g = tree.corners[i] / 3, c = tree.corners[i] % 3;
      const vec3<T> a = tree.corner(g, c);
      sum += normalized(tree.face_normal(g)) *
             corner_angle(a, tree.corner(g, c == 2 ? 0 : c + 1), tree.corner(g, c == 0 ? 2 : c - 1));
    }
    return sum;
  }
};

}  // namespace diffam
