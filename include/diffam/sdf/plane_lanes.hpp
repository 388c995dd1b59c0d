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

#include "diffam/sdf/lanes.hpp"

namespace diffam {

/// An unused lane is far from all.
template <class T, int Lanes = lane_count>
struct alignas(64) plane_lanes {
  T origin[3][Lanes];                       // corner a
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

/// 1 / x, and 0 where x is so small that its inverse would be nothing to go by.
template <class T>
DIFFAM_LANE_OP lane_vector<T> inverse_or_zero(const lane_vector<T>& x) {
  const lane_vector<T> zero(T(0)), one(T(1));
  const auto large = x > lane_vector<T>(T(1e-30));
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

}  // namespace detail

/// Fills the frames of eight triangles.
template <class T>
DIFFAM_LANE_OP void fit_planes(const triangle_lanes<T>& f, plane_lanes<T>& out) {
  using lanes = detail::vec3_lanes<T>;
  using number = lane_vector<T>;
  constexpr T flat = sizeof(T) == 4 ? T(4e-12) : T(1e-29);  // sine^2 between the edges: sixteen roundings
  const number zero(T(0)), one(T(1)), tiny(T(1e-30));
  const lanes a = lanes::load(f.v[0]), ab = lanes::load(f.v[1]) - a, ac = lanes::load(f.v[2]) - a,
              bc = lanes::load(f.v[2]) - lanes::load(f.v[1]);
  const number ab2 = dot(ab, ab), ac2 = dot(ac, ac);
  const auto long_enough = ab2 > tiny;
  const number safe2 = select(long_enough, ab2, one), length = sqrt(safe2);
  const number scale =
      length * (one / safe2);  // not 1 / length: root and quotient need not wait for each other
  detail::inverse_or_zero(ac2).store(out.ac);
  detail::inverse_or_zero(dot(bc, bc)).store(out.bc);
  const lanes x{select(long_enough, ab.x * scale, one), select(long_enough, ab.y * scale, zero),
                select(long_enough, ab.z * scale, zero)};
  lanes r = ac - x * dot(ac, x);
  r = r - x * dot(r, x);  // twice is enough: now it is orthogonal to the last bits
  const number r2 = dot(r, r);
  const auto open = r2 > most(tiny, ac2 * number(flat));  // else the corners lie on a line
  const number safe_r2 = select(open, r2, one), r_scale = sqrt(safe_r2) * (one / safe_r2);
  lanes other = x;
  if (to_set(open) != all_lanes) other = detail::across(x);
  const lanes y{select(open, r.x * r_scale, other.x), select(open, r.y * r_scale, other.y),
                select(open, r.z * r_scale, other.z)};
  const lanes z = cross(x, y);
  const number bx = select(long_enough, length, zero), cx = dot(ac, x), cy = select(open, dot(ac, y), zero);
  const auto put = [](const lanes& v, T(&to)[3][lane_count]) {
    v.x.store(to[0]), v.y.store(to[1]), v.z.store(to[2]);
  };
  put(a, out.origin), put(x, out.x), put(y, out.y), put(z, out.z);
  bx.store(out.bx), cx.store(out.cx), cy.store(out.cy);
  for (int l = first_own_lane(); l < lane_count; l += own_lane_step)
    out.origin[0][l] = f.face[l] < 0 ? T(1e18) : out.origin[0][l];
}

namespace detail {

inline namespace DIFFAM_LANES {

template <class T>
DIFFAM_LANE_OP plane_lanes<T, lane_count / 2> half_of(const plane_lanes<T>& f, int first) {
  plane_lanes<T, lane_count / 2> half;
  load_half(f.origin, first, half.origin);
  load_half(f.x, first, half.x), load_half(f.y, first, half.y), load_half(f.z, first, half.z);
  load_half(f.bx + first, half.bx), load_half(f.cx + first, half.cx), load_half(f.cy + first, half.cy);
  load_half(f.ac + first, half.ac), load_half(f.bc + first, half.bc);
  return half;
}

}  // namespace DIFFAM_LANES

}  // namespace detail

/// Squared distance from p to each triangle: that of `closest_on_triangle` up to rounding.
template <class T, int Lanes, class Which = detail::every_lane>
DIFFAM_LANE_OP lane_vector<T> plane_squared_distances(const plane_lanes<T, Lanes>& f, const vec3<T>& p,
                                                      Which which = {}) {
  using lanes = detail::vec3_lanes<T>;
  using number = lane_vector<T>;
  using detail::load_lanes;
  const number zero(T(0));
  const lanes w = lanes::same(p) - lanes::load(f.origin, which);
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
