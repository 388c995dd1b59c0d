// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Formulas for eight boxes or eight triangles at once (one vector register or more), stored as structures of
// arrays.
#pragma once

#include "diffam/core/vec.hpp"
#include "diffam/simd/gather.hpp"
#include "diffam/simd/groups.hpp"

namespace diffam {

/// Eight bounding boxes. An unused lane holds the empty box, lo = +inf and hi = -inf.
template <class T, int Lanes = lane_count>
struct alignas(64) box_lanes {
  T lo[3][Lanes];
  T hi[3][Lanes];
};

/// Eight patches of surface as dipoles. An unused lane is far away, with reach2 = -1 and zeros, so that it
/// adds nothing.
template <class T>
struct alignas(64) dipole_lanes {
  T centre[3][lane_count];  // area-weighted centroid
  T normal[3][lane_count];  // sum of the area vectors
  T area[lane_count];       // sum of the areas
  T reach2[lane_count];     // squared radius of a ball around the centre that contains the patch
};

/// The errors of eight dipoles, see dipole_errors.hpp. The winding number of a dipole at the distance r is
/// wrong by at most first / r^3 + second / (r - R)^4, with R^2 = `reach2`. An unused lane holds zeros.
template <class T>
struct alignas(64) dipole_error_lanes {
  T first[lane_count];
  T second[lane_count];
};

/// Eight triangles. An unused lane repeats the face of lane 0, collapsed to its first corner. Thus it is
/// never closer than that face.
template <class T>
struct alignas(64) triangle_lanes {
  T v[3][3][lane_count];  // corner, axis
  stored_index face[lane_count];
};

namespace detail {

inline namespace DIFFAM_LANES {

/// Selects the lanes for which a formula is computed: `every_lane`: each lane for itself. `one_lane`: one
/// lane, by a thread that works alone. `half_of_lanes`: lanes 0 to 3 or 4 to 7.
struct every_lane {};
struct one_lane {
  int l;
};
struct half_of_lanes {
  int first;  // 0 or 4
};

template <class T>
DIFFAM_LANE_OP lane_vector<T> load_lanes(const T* from, every_lane) {
  return lane_vector<T>::load(from);
}
template <class T>
DIFFAM_LANE_OP lane_vector<T> load_lanes(const T* from, one_lane which) {
  return lane_vector<T>(from[which.l]);
}
template <class T>
DIFFAM_LANE_OP lanes<T, lane_count / 2> load_lanes(const T* from, half_of_lanes which) {
  return lanes<T, lane_count / 2>::load(from + which.first);
}

/// The value of a vector whose lanes are all equal.
template <class T>
DIFFAM_LANE_OP T alike(const lane_vector<T>& x) {
  return values_of(x).own(0);
}

/// A vector of three components, each of which holds several lanes.
template <class Number>
struct vec3_of {
  Number x, y, z;

  template <class T, int Lanes, class Which = every_lane>
  static DIFFAM_LANE_OP vec3_of load(const T (&from)[3][Lanes], Which which = {}) {
    return {load_lanes(from[0], which), load_lanes(from[1], which), load_lanes(from[2], which)};
  }
  template <class T>
  static DIFFAM_LANE_OP vec3_of same(const vec3<T>& p) {
    return {Number(p[0]), Number(p[1]), Number(p[2])};
  }
  template <class T>
  DIFFAM_LANE_OP void store(T (&to)[3][lane_count]) const {
    x.store(to[0]), y.store(to[1]), z.store(to[2]);
  }
  friend DIFFAM_LANE_OP vec3_of operator+(const vec3_of& a, const vec3_of& b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z};
  }
  friend DIFFAM_LANE_OP vec3_of operator-(const vec3_of& a, const vec3_of& b) {
    return {a.x - b.x, a.y - b.y, a.z - b.z};
  }
  friend DIFFAM_LANE_OP vec3_of operator*(const vec3_of& a, const Number& s) {
    return {a.x * s, a.y * s, a.z * s};
  }
  friend DIFFAM_LANE_OP Number dot(const vec3_of& a, const vec3_of& b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
  }
  friend DIFFAM_LANE_OP vec3_of cross(const vec3_of& a, const vec3_of& b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
  }
};
template <class T>
using vec3_lanes = vec3_of<lane_vector<T>>;

/// Gathers eight rows of a table of three columns. Row l begins at element `start[l]` of `table`.
template <class T>
DIFFAM_LANE_OP vec3_lanes<T> gather_rows(const T* table, const stored_index* start) {
  vec3_lanes<T> v;
  gather(table, start, v.x, v.y, v.z);
  return v;
}

/// Copies four of eight numbers. A device thread that works alone loads them with one instruction.
template <class T>
DIFFAM_LANE_OP void load_half(const T* from, T* to) {
  std::memcpy(to, __builtin_assume_aligned(from, 4 * sizeof(T)), 4 * sizeof(T));
}
template <class T>
DIFFAM_LANE_OP void load_half(const T (&from)[3][lane_count], int first, T (&to)[3][lane_count / 2]) {
  for (int k = 0; k < 3; ++k) load_half(from[k] + first, to[k]);
}
/// Lanes first ... first + 3; `first` is 0 or 4.
template <class T>
DIFFAM_LANE_OP box_lanes<T, lane_count / 2> half_of(const box_lanes<T>& b, int first) {
  box_lanes<T, lane_count / 2> half;
  load_half(b.lo, first, half.lo);
  load_half(b.hi, first, half.hi);
  return half;
}

}  // namespace DIFFAM_LANES

}  // namespace detail

/// Squared distance from p to each of the eight boxes.
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

/// The set of boxes that contain p.
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
