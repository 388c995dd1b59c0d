// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Sign policies: is a point inside a mesh? A policy is a small value with one host-device member template,
// `inside(tree, mesh, p)`, asked only for points within the mesh's box, and says what tables it needs and
// whether its answer only changes across the surface of a closed mesh (`follows_winding`).
#pragma once

#include <concepts>

#include "diffam/mesh/normals.hpp"
#include "diffam/sdf/closest.hpp"
#include "diffam/sdf/winding.hpp"

namespace diffam {

template <class S>
concept sign_policy = requires(const S& s, const tree_view<double>& t, const vec3<double>& p) {
  { S::needs_dipoles } -> std::convertible_to<bool>;
  { S::follows_winding } -> std::convertible_to<bool>;
  { s.inside(t, stored_index{}, p) } -> std::same_as<bool>;
};

/// `inside` by as many groups of lanes, all of which get the answer; a policy that does not share its work
/// among groups has each do it.
template <int Groups, class Sign, class T>
DIFFAM_HOST_DEVICE bool inside_by_groups(const Sign& sign, const tree_view<T>& tree, stored_index mesh,
                                         const vec3<T>& p) {
  if constexpr (requires { sign.template inside<Groups>(tree, mesh, p); })
    return sign.template inside<Groups>(tree, mesh, p);
  else
    return sign.inside(tree, mesh, p);
}

/// Winding number above one half, from all faces. Slow: the reference.
struct exact_winding {
  static constexpr bool needs_dipoles = false;
  static constexpr bool follows_winding = true;

  template <class T>
  DIFFAM_HOST_DEVICE bool inside(const tree_view<T>& tree, stored_index mesh, const vec3<T>& p) const {
    return exact_winding_number(tree, mesh, p) > T(0.5);
  }
};

/// Winding number above one half, far patches as dipoles. Where the number is in doubt, between 1/4 and 3/4,
/// it is computed again with twice the accuracy, and where it stays so, exactly.
struct barnes_hut_winding {
  static constexpr bool needs_dipoles = true;
  static constexpr bool follows_winding = true;
  double beta = 1;  // a patch is far beyond beta times its radius

  template <int Groups = 1, class T>
  DIFFAM_HOST_DEVICE bool inside(const tree_view<T>& tree, stored_index mesh, const vec3<T>& p) const {
    T w = winding_number<Groups>(tree, mesh, p, static_cast<T>(beta));
    if (in_doubt(w)) w = winding_number<Groups>(tree, mesh, p, static_cast<T>(2 * beta));
    if (in_doubt(w)) w = exact_winding_number(tree, mesh, p);
    return w > T(0.5);
  }

 private:
  template <class T>
  static DIFFAM_HOST_DEVICE bool in_doubt(T w) {
    return w > T(0.25) && w < T(0.75);
  }
};

/// Side of the angle-weighted pseudo-normal at the closest point (Baerentzen & Aanaes 2005). Cheap, but wrong
/// near self-intersections.
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

  /// The pseudo-normal, not normalised, of a feature of face f.
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
