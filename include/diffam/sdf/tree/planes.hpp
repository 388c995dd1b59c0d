// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Eight triangles, each in a frame of its own: origin in corner a, x along ab, z across the plane. There the
// squared distance from a point is a distance in the plane plus z^2: forty operations, no division, where
// corners alone take a hundred and four divisions.
//
// What is lost to rounding is of the size of the coordinates' own: the frame is orthonormal whatever the
// triangle, and corners leave it by no more than they are known.
#pragma once

#include "diffam/sdf/tree/boxes.hpp"

namespace diffam {

/// Frames of the triangles of `triangle_lanes`, which keep the corners.
template <class T, int Lanes = lane_count>
struct alignas(64) plane_lanes {
  T x[3][Lanes], y[3][Lanes], z[3][Lanes];  // orthonormal
  T bx[Lanes];                              // b = (bx, 0)
  T cx[Lanes], cy[Lanes];                   // c, with cy >= 0
  T ac[Lanes], bc[Lanes];                   // 1 / |c - a|^2, 1 / |c - b|^2; 0 where the edge has no length
};

namespace detail {

template <class T>
DIFFAM_LANE_OP lane_vector<T> clamped01(const lane_vector<T>& t) {
  return larger(smaller(t, lane_vector<T>(T(1))), lane_vector<T>(T(0)));
}

/// Squares of lengths up to this are nothing to divide by.
template <class T>
DIFFAM_HOST_DEVICE constexpr T no_square() {
  return sizeof(T) == 4 ? T(1e-30) : T(1e-200);
}

/// 1 / x, and 0 where x is so small that its inverse would be nothing to go by.
template <class T>
DIFFAM_LANE_OP lane_vector<T> inverse_or_zero(const lane_vector<T>& x) {
  const lane_vector<T> zero(T(0)), one(T(1));
  const auto large = x > lane_vector<T>(no_square<T>());
  return select(large, one / select(large, x, one), zero);
}

/// A unit vector across the unit vector x.
template <class T>
DIFFAM_LANE_OP vec3_lanes<T> across(const vec3_lanes<T>& x) {
  const lane_vector<T> zero(T(0)), one(T(1));
  const auto flat = x.z * x.z < lane_vector<T>(T(0.5));
  const vec3_lanes<T> v{select(flat, zero - x.y, zero), select(flat, x.x, zero - x.z),
                        select(flat, zero, x.y)};
  return v * (one / sqrt(dot(v, v)));
}

inline namespace DIFFAM_LANES {

/// The corners of eight triangles.
template <class T>
struct corner_lanes {
  vec3_lanes<T> a, b, c;

  static DIFFAM_LANE_OP corner_lanes load(const triangle_lanes<T>& f) {
    using lanes = vec3_lanes<T>;
    return {lanes::load(f.v[0]), lanes::load(f.v[1]), lanes::load(f.v[2])};
  }
};

/// What is known of eight triangles before their frames: edges, which the normals are across, and the roots
/// and quotients that take long to come.
template <class T>
struct edge_lanes {
  vec3_lanes<T> ab, ac, normal;
  lane_vector<T> ab_length, normal_length, normal2;  // |ab|, |normal|: twice the area, its square
  lane_vector<T> ab_inverse2, normal_inverse2;       // 1 / |ab|^2, 1 / |normal|^2

  DIFFAM_LANE_OP explicit edge_lanes(const corner_lanes<T>& f)
      : ab(f.b - f.a), ac(f.c - f.a), normal(cross(ab, ac)), normal2(dot(normal, normal)) {
    const lane_vector<T> one(T(1)), ab2 = dot(ab, ab);
    ab_length = sqrt(ab2), normal_length = sqrt(normal2);
    ab_inverse2 = one / ab2, normal_inverse2 = one / normal2;
  }
};

/// Fills the frames of eight triangles of any shape: y is made orthogonal to x before it has a length.
template <class T>
DIFFAM_LANE_CALL void fit_any_planes(const triangle_lanes<T>& f, plane_lanes<T>& out) {
  using lanes = vec3_lanes<T>;
  using number = lane_vector<T>;
  constexpr T flat = sizeof(T) == 4 ? T(4e-12) : T(1e-29);  // sine^2 between the edges: sixteen roundings
  const number zero(T(0)), one(T(1)), tiny(no_square<T>());
  const lanes a = lanes::load(f.v[0]), b = lanes::load(f.v[1]), c = lanes::load(f.v[2]), ab = b - a,
              ac = c - a, bc = c - b;
  const number ab2 = dot(ab, ab), ac2 = dot(ac, ac);
  const auto long_enough = ab2 > tiny;
  const number length = sqrt(select(long_enough, ab2, one)), scale = one / length;
  const lanes x{select(long_enough, ab.x * scale, one), select(long_enough, ab.y * scale, zero),
                select(long_enough, ab.z * scale, zero)};
  lanes r = ac - x * dot(ac, x);
  r = r - x * dot(r, x);  // twice is enough: now it is orthogonal to the last bits
  const number r2 = dot(r, r);
  const auto open = r2 > most(tiny, ac2 * number(flat));  // else the corners lie on a line
  const lanes other = across(x), unit = r * (one / sqrt(select(open, r2, one)));
  const lanes y{select(open, unit.x, other.x), select(open, unit.y, other.y), select(open, unit.z, other.z)};
  x.store(out.x), y.store(out.y), cross(x, y).store(out.z);
  select(long_enough, length, zero).store(out.bx);
  dot(ac, x).store(out.cx), select(open, dot(ac, y), zero).store(out.cy);
  inverse_or_zero(ac2).store(out.ac), inverse_or_zero(dot(bc, bc)).store(out.bc);
}

/// The same, in less time, of triangles none of which is so thin that its normal is in doubt, nor a point as
/// unused lanes are: no lane is chosen for, and the normal does not wait for x. The normal is off by a
/// rounding over the sine between the edges; across it and x, y is off by that squared, and c leaves the
/// plane by no more than it is known. Returns whether that was so: else what is filled is of no use.
template <class T>
DIFFAM_LANE_OP bool fit_wide_planes(const edge_lanes<T>& e, plane_lanes<T>& out) {
  using lanes = vec3_lanes<T>;
  using number = lane_vector<T>;
  constexpr T thin = sizeof(T) == 4 ? T(1e-6) : T(1e-14);  // sine^2
  // Roots times quotients of squares: neither need wait for the other.
  const number scale = e.ab_length * e.ab_inverse2;
  const lanes x = e.ab * scale, y = cross(e.normal, x) * (e.normal_length * e.normal_inverse2);
  const number bx = e.ab_length, cx = dot(e.ac, x), cy = e.normal_length * scale, gx = cx - bx, cy2 = cy * cy;
  const number ac2 = cx * cx + cy2, bc2 = gx * gx + cy2, inverse = number(T(1)) / (ac2 * bc2);
  x.store(out.x), y.store(out.y), cross(x, y).store(out.z);
  bx.store(out.bx), cx.store(out.cx), cy.store(out.cy);
  (bc2 * inverse).store(out.ac), (ac2 * inverse).store(out.bc);
  // Where this holds, no product of two squares above has left the range of T.
  return to_set(most(number(no_square<T>()), ac2 * most(bx * bx, bc2) * number(thin)) < e.normal2) ==
         all_lanes;
}

}  // namespace DIFFAM_LANES

}  // namespace detail

/// Fills the frames of eight triangles, given their edges or not.
template <class T>
DIFFAM_LANE_OP void fit_planes(const triangle_lanes<T>& f, const detail::edge_lanes<T>& edges,
                               plane_lanes<T>& out) {
  if (!detail::fit_wide_planes(edges, out)) detail::fit_any_planes(f, out);
}
template <class T>
DIFFAM_LANE_OP void fit_planes(const triangle_lanes<T>& f, plane_lanes<T>& out) {
  fit_planes(f, detail::edge_lanes<T>(detail::corner_lanes<T>::load(f)), out);
}

namespace detail {

inline namespace DIFFAM_LANES {

template <class T>
DIFFAM_LANE_OP plane_lanes<T, lane_count / 2> half_of(const plane_lanes<T>& f, int first) {
  plane_lanes<T, lane_count / 2> half;
  load_half(f.x, first, half.x), load_half(f.y, first, half.y), load_half(f.z, first, half.z);
  load_half(f.bx + first, half.bx), load_half(f.cx + first, half.cx), load_half(f.cy + first, half.cy);
  load_half(f.ac + first, half.ac), load_half(f.bc + first, half.bc);
  return half;
}

}  // namespace DIFFAM_LANES

}  // namespace detail

/// Squared distance from p to each triangle, of corner a there: that of `closest_on_triangle` up to rounding.
template <class T, int Lanes, class Which = detail::every_lane>
DIFFAM_LANE_OP lane_vector<T> plane_squared_distances(const T (&a)[3][Lanes], const plane_lanes<T, Lanes>& f,
                                                      const vec3<T>& p, Which which = {}) {
  using lanes = detail::vec3_lanes<T>;
  using number = lane_vector<T>;
  using detail::load_lanes;
  const number zero(T(0));
  const lanes w = lanes::same(p) - lanes::load(a, which);
  const number x = dot(w, lanes::load(f.x, which)), y = dot(w, lanes::load(f.y, which)),
               z = dot(w, lanes::load(f.z, which));
  const number bx = load_lanes(f.bx, which), cx = load_lanes(f.cx, which), cy = load_lanes(f.cy, which);
  const number gx = cx - bx, u = x - bx;  // c and the point, seen from b
  const number ab_x = x - larger(smaller(x, bx), zero);
  const number s = detail::clamped01((x * cx + y * cy) * load_lanes(f.ac, which));
  const number ac_x = x - s * cx, ac_y = y - s * cy;
  const number t = detail::clamped01((u * gx + y * cy) * load_lanes(f.bc, which));
  const number bc_x = u - t * gx, bc_y = y - t * cy;
  const number rim =
      smaller(smaller(ab_x * ab_x + y * y, ac_x * ac_x + ac_y * ac_y), bc_x * bc_x + bc_y * bc_y);
  const auto inside = smaller(smaller(x * cy - y * cx, gx * y - u * cy), y) > zero;
  return select(inside, zero, rim) + z * z;
}

}  // namespace diffam
