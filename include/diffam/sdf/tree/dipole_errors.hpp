// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// How far the winding number of a dipole can be from that of its patch of surface. An open mesh needs it: its
// winding number takes any value, so that only a bound of the error tells on which side of one half it lies.
//
// The solid angle of a patch is the integral of f(x) . n with f(x) = (x - p) / |x - p|^3. The dipole takes f
// at the centroid c. With d = x - c, r = |c - p|, and a ball of radius R around c that contains the patch,
// Taylor's formula gives
//     |error| <= sqrt(6) |M| / r^3 + 3 S / (r - R)^4,   M = integral of n d^T,   S = integral of |d|^2:
// the gradient of f has the eigenvalues (1, 1, -2) / r^3, and its second derivative is at most 6 / r^4. M is
// zero where the patch is flat.
#pragma once

#include "diffam/sdf/tree/refit.hpp"

namespace diffam {

namespace detail {

inline namespace DIFFAM_LANES {

template <class T>
DIFFAM_LANE_OP lane_vector<T> squared_length(const vec3_lanes<T>& v) {
  return dot(v, v);
}

/// |sum of n d^T|, the Frobenius norm.
template <class T>
DIFFAM_LANE_OP T moment_norm(const vec3_lanes<T>& n, const vec3_lanes<T>& d) {
  using std::sqrt;
  const vec3<T> rows[3] = {{(n.x * d.x).sum(), (n.x * d.y).sum(), (n.x * d.z).sum()},
                           {(n.y * d.x).sum(), (n.y * d.y).sum(), (n.y * d.z).sum()},
                           {(n.z * d.x).sum(), (n.z * d.y).sum(), (n.z * d.z).sum()}};
  return sqrt(squared_norm(rows[0]) + squared_norm(rows[1]) + squared_norm(rows[2]));
}

template <class T>
DIFFAM_HOST_DEVICE vec3<T> centre_of_lane(const dipole_lanes<T>& d, int l) {
  return {d.centre[0][l], d.centre[1][l], d.centre[2][l]};
}

template <class T>
DIFFAM_LANE_OP void store_lane(dipole_error_lanes<T>& e, int l, T first, T second) {
  e.first[l] = first * T(0.19492420030841902);    // sqrt(6) / (4 pi)
  e.second[l] = second * T(0.23873241463784303);  // 3 / (4 pi)
}

}  // namespace DIFFAM_LANES

}  // namespace detail

/// Writes the error terms of leaf i into its parent, after the refit of the dipoles. The second moment of a
/// triangle about its own centroid is area / 12 times the sum of |corner - centroid|^2.
template <class T>
struct leaf_error_kernel {
  static constexpr int threads_per_index = lane_count;

  tree_storage<T> s;
  view<const stored_index> place;  // by leaf: its lane in the parent

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    using lanes = detail::vec3_lanes<T>;
    using number = lane_vector<T>;
    const stored_index node = place[i] / lane_count;
    const int l = place[i] % lane_count;
    const auto f = detail::corner_lanes<T>::load(s.triangles[i]);
    const lanes mean = (f.a + f.b + f.c) * number(T(1.0 / 3));
    const lanes d = mean - lanes::same(detail::centre_of_lane(s.dipoles[node], l));
    const lanes n = cross(f.b - f.a, f.c - f.a) * number(T(0.5));
    const number around = detail::squared_length<T>(f.a - mean) + detail::squared_length<T>(f.b - mean) +
                          detail::squared_length<T>(f.c - mean);
    const number second = sqrt(dot(n, n)) * (dot(d, d) + around * number(T(1.0 / 12)));
    detail::store_lane(s.dipole_errors[node], l, detail::moment_norm<T>(n, d), second.sum());
  }
};

/// Writes the error terms of node `first + i` into its parent. |M| of the whole is at most the sum of |M| of
/// the children and that of their dipoles about the common centre.
template <class T>
struct node_error_kernel {
  static constexpr int threads_per_index = lane_count;

  tree_storage<T> s;
  view<const stored_index> place;  // by node: its lane in the parent, or ~mesh
  index_t first;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    using lanes = detail::vec3_lanes<T>;
    using number = lane_vector<T>;
    const index_t node = first + i;
    if (place[node] < 0) return;
    const stored_index parent = place[node] / lane_count;
    const int l = place[node] % lane_count;
    const dipole_lanes<T>& children = s.dipoles[node];
    const lanes d = lanes::load(children.centre) - lanes::same(detail::centre_of_lane(s.dipoles[parent], l));
    const number second = number::load(children.area) * dot(d, d);
    const dipole_error_lanes<T>& e = s.dipole_errors[node];
    // The terms of the children have their factors already.
    detail::store_lane(s.dipole_errors[parent], l, detail::moment_norm<T>(lanes::load(children.normal), d),
                       second.sum());
    const T first_sum = number::load(e.first).sum(), second_sum = number::load(e.second).sum();
    s.dipole_errors[parent].first[l] += first_sum;
    s.dipole_errors[parent].second[l] += second_sum;
  }
};

}  // namespace diffam
