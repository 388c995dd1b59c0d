// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The formulas on eight boxes or eight triangles at once, kept as structures of arrays.
#pragma once

#include "diffam/core/vec.hpp"
#include "diffam/sdf/lane_vector.hpp"

namespace diffam {

/// Eight boxes. An unused lane holds the empty box, lo = +inf and hi = -inf.
template <class T>
struct alignas(64) box_lanes {
  T lo[3][lane_count];
  T hi[3][lane_count];
};

/// Eight patches of surface as dipoles. An unused lane is far from all, with reach2 = -1 and zeros.
template <class T>
struct alignas(64) dipole_lanes {
  T centre[3][lane_count];  // area-weighted centroid
  T normal[3][lane_count];  // sum of the area vectors
  T area[lane_count];       // sum of the areas
  T reach2[lane_count];     // squared radius around the centre that contains the patch
};

/// Eight triangles. An unused lane has face -1 and all corners at a corner of lane 0.
template <class T>
struct alignas(64) triangle_lanes {
  T v[3][3][lane_count];  // corner, axis
  stored_index face[lane_count];
};

namespace detail {

inline namespace DIFFAM_LANES {

/// Eight vectors of three.
template <class T>
struct vec3_lanes {
  lane_vector<T> x, y, z;

  static DIFFAM_LANE_OP vec3_lanes load(const T (&from)[3][lane_count]) {
    return {lane_vector<T>::load(from[0]), lane_vector<T>::load(from[1]), lane_vector<T>::load(from[2])};
  }
  static DIFFAM_LANE_OP vec3_lanes same(const vec3<T>& p) {
    return {lane_vector<T>(p[0]), lane_vector<T>(p[1]), lane_vector<T>(p[2])};
  }
  friend DIFFAM_LANE_OP vec3_lanes operator+(const vec3_lanes& a, const vec3_lanes& b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z};
  }
  friend DIFFAM_LANE_OP vec3_lanes operator-(const vec3_lanes& a, const vec3_lanes& b) {
    return {a.x - b.x, a.y - b.y, a.z - b.z};
  }
  friend DIFFAM_LANE_OP vec3_lanes operator*(const vec3_lanes& a, const lane_vector<T>& s) {
    return {a.x * s, a.y * s, a.z * s};
  }
  friend DIFFAM_LANE_OP lane_vector<T> dot(const vec3_lanes& a, const vec3_lanes& b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
  }
  friend DIFFAM_LANE_OP vec3_lanes cross(const vec3_lanes& a, const vec3_lanes& b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
  }
};

}  // namespace DIFFAM_LANES

}  // namespace detail

/// Squared distance from p to each box.
template <class T>
DIFFAM_LANE_OP lane_vector<T> box_squared_distances(const box_lanes<T>& b, const vec3<T>& p) {
  const auto at = detail::vec3_lanes<T>::same(p);
  const auto below = detail::vec3_lanes<T>::load(b.lo) - at, above = at - detail::vec3_lanes<T>::load(b.hi);
  const lane_vector<T> zero(T(0));
  const detail::vec3_lanes<T> d{most(most(below.x, above.x), zero), most(most(below.y, above.y), zero),
                                most(most(below.z, above.z), zero)};
  return dot(d, d);
}

/// The boxes that contain p.
template <class T>
DIFFAM_LANE_OP lane_set boxes_around(const box_lanes<T>& b, const vec3<T>& p) {
  lane_set in = all_lanes;
  for (int k = 0; k < 3; ++k) {
    const lane_vector<T> at(p[k]);
    in &= to_set(lane_vector<T>::load(b.lo[k]) <= at) & to_set(at <= lane_vector<T>::load(b.hi[k]));
  }
  return in;
}

}  // namespace diffam
