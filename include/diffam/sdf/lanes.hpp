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

/// Squared distance from the origin to the segment from a along e.
template <class T>
DIFFAM_LANE_OP lane_vector<T> segment_squared_distance(const vec3_lanes<T>& a, const vec3_lanes<T>& e) {
  const lane_vector<T> zero(T(0)), one(T(1));
  const lane_vector<T> length2 = dot(e, e);
  const lane_vector<T> along = zero - dot(a, e);
  const lane_vector<T> t = least(most(along / select(length2 > zero, length2, one), zero), one);
  const vec3_lanes<T> q = a + e * t;
  return dot(q, q);
}

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

/// Squared distance from p to each triangle: that of `closest_on_triangle` up to rounding.
template <class T>
DIFFAM_LANE_OP lane_vector<T> triangle_squared_distances(const triangle_lanes<T>& f, const vec3<T>& p) {
  using lanes = detail::vec3_lanes<T>;
  const lane_vector<T> zero(T(0)), one(T(1));
  const lanes at = lanes::same(p);
  const lanes a = lanes::load(f.v[0]) - at, b = lanes::load(f.v[1]) - at, c = lanes::load(f.v[2]) - at;
  const lanes ab = b - a, ac = c - a;
  const lane_vector<T> rim =
      least(least(detail::segment_squared_distance(a, ab), detail::segment_squared_distance(b, c - b)),
            detail::segment_squared_distance(a, ac));
  const lanes n = cross(ab, ac);
  const lane_vector<T> n2 = dot(n, n);
  const lane_vector<T> s = dot(cross(ac, a), n), t = dot(cross(a, ab), n);  // barycentrics times |n|^2
  const lane_vector<T> scale = one / select(n2 > zero, n2, one);
  const lanes q = a + ab * (s * scale) + ac * (t * scale);
  const lane_vector<T> foot = dot(q, q);
  const auto inside = zero < least(least(s, t), n2 - s - t);
  return select(inside & (foot < rim), foot, rim);
}

}  // namespace diffam
