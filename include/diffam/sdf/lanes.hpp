// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The formulas on eight boxes or eight triangles at once, kept as structures of arrays.
#pragma once

#include "diffam/core/vec.hpp"
#include "diffam/sdf/lane_vector.hpp"

namespace diffam {

/// Eight boxes. An unused lane holds the empty box, lo = +inf and hi = -inf.
template <class T, int Lanes = lane_count>
struct alignas(64) box_lanes {
  T lo[3][Lanes];
  T hi[3][Lanes];
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

/// Which lanes a formula is computed for: each its own, or all the same one, for a thread of its own.
struct every_lane {};
struct one_lane {
  int l;
};

template <class T>
DIFFAM_LANE_OP lane_vector<T> load_lanes(const T* from, every_lane) {
  return lane_vector<T>::load(from);
}
template <class T>
DIFFAM_LANE_OP lane_vector<T> load_lanes(const T* from, one_lane which) {
  return lane_vector<T>(from[which.l]);
}

/// The number of a vector whose lanes are alike.
template <class T>
DIFFAM_LANE_OP T alike(const lane_vector<T>& x) {
  return own_lane_values<T>(x)[0];
}

/// Eight vectors of three.
template <class T>
struct vec3_lanes {
  lane_vector<T> x, y, z;

  template <int Lanes, class Which = every_lane>
  static DIFFAM_LANE_OP vec3_lanes load(const T (&from)[3][Lanes], Which which = {}) {
    return {load_lanes(from[0], which), load_lanes(from[1], which), load_lanes(from[2], which)};
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

namespace detail {

inline namespace DIFFAM_LANES {

/// Four of eight numbers: a thread of its own loads them at once.
template <class T>
DIFFAM_LANE_OP void load_half(const T* from, T* to) {
  std::memcpy(to, __builtin_assume_aligned(from, 4 * sizeof(T)), 4 * sizeof(T));
}
template <class T>
DIFFAM_LANE_OP void load_half(const T (&from)[3][lane_count], int first, T (&to)[3][lane_count / 2]) {
  for (int k = 0; k < 3; ++k) load_half(from[k] + first, to[k]);
}
/// Lanes first ... first + 3, where `first` is 0 or 4.
template <class T>
DIFFAM_LANE_OP box_lanes<T, lane_count / 2> half_of(const box_lanes<T>& b, int first) {
  box_lanes<T, lane_count / 2> half;
  load_half(b.lo, first, half.lo);
  load_half(b.hi, first, half.hi);
  return half;
}

}  // namespace DIFFAM_LANES

}  // namespace detail

/// Squared distance from p to each box.
template <class T, int Lanes, class Which = detail::every_lane>
DIFFAM_LANE_OP lane_vector<T> box_squared_distances(const box_lanes<T, Lanes>& b, const vec3<T>& p,
                                                    Which which = {}) {
  using lanes = detail::vec3_lanes<T>;
  const lanes at = lanes::same(p), below = lanes::load(b.lo, which) - at,
              above = at - lanes::load(b.hi, which);
  const lane_vector<T> zero(T(0));
  const lanes d{larger(larger(below.x, above.x), zero), larger(larger(below.y, above.y), zero),
                larger(larger(below.z, above.z), zero)};
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
