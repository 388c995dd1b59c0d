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
  a.store(out.origin), x.store(out.x), y.store(out.y), cross(x, y).store(out.z);
  select(long_enough, length, zero).store(out.bx);
  dot(ac, x).store(out.cx), select(open, dot(ac, y), zero).store(out.cy);
  inverse_or_zero(ac2).store(out.ac), inverse_or_zero(dot(bc, bc)).store(out.bc);
}

/// The same of triangles none of which is so thin that its normal is in doubt, in less time: the normal does
/// not wait for x. It is off by a rounding over the sine between the edges; once more orthogonal to x it is a
/// unit vector, and c leaves the plane by no more than it is known. Lanes may also be single points, as
/// unused ones are. Returns whether that was so: else what is filled is of no use.
template <class T>
DIFFAM_LANE_OP bool fit_wide_planes(const triangle_lanes<T>& f, plane_lanes<T>& out) {
  using lanes = vec3_lanes<T>;
  using number = lane_vector<T>;
  constexpr T thin = sizeof(T) == 4 ? T(1e-6) : T(1e-14);  // sine^2
  const number zero(T(0)), one(T(1)), tiny(no_square<T>());
  const lanes a = lanes::load(f.v[0]), b = lanes::load(f.v[1]), c = lanes::load(f.v[2]), ab = b - a,
              ac = c - a, bc = c - b, n = cross(ab, ac);
  const number ab2 = dot(ab, ab), ac2 = dot(ac, ac), bc2 = dot(bc, bc), n2 = dot(n, n);
  // Where it holds no product of two squares below leaves the range of T.
  const auto wide = n2 > most(tiny, ac2 * most(ab2, bc2) * number(thin));
  const auto safe = [&](const number& square) { return select(wide, square, one); };
  const number safe_ab2 = safe(ab2), safe_ac2 = safe(ac2), safe_bc2 = safe(bc2), safe_n2 = safe(n2);
  const number length = sqrt(safe_ab2);
  const number scale = length * (one / safe_ab2);  // root and quotient need not wait for each other
  const number n_scale = sqrt(safe_n2) * (one / safe_n2);
  const lanes x{select(wide, ab.x * scale, one), select(wide, ab.y * scale, zero),
                select(wide, ab.z * scale, zero)};
  lanes z{select(wide, n.x * n_scale, zero), select(wide, n.y * n_scale, zero),
          select(wide, n.z * n_scale, one)};
  z = z - x * dot(z, x);
  const lanes y = cross(z, x);
  const number inverse = select(wide, one / (safe_ac2 * safe_bc2), zero);
  (safe_bc2 * inverse).store(out.ac), (safe_ac2 * inverse).store(out.bc);
  a.store(out.origin), x.store(out.x), y.store(out.y), z.store(out.z);
  select(wide, length, zero).store(out.bx);
  dot(ac, x).store(out.cx), most(dot(ac, y), zero).store(out.cy);
  return (to_set(wide) | to_set(ab2 + ac2 <= zero)) == all_lanes;
}

}  // namespace DIFFAM_LANES

}  // namespace detail

/// Fills the frames of eight triangles.
template <class T>
DIFFAM_LANE_OP void fit_planes(const triangle_lanes<T>& f, plane_lanes<T>& out) {
  if (!detail::fit_wide_planes(f, out)) detail::fit_any_planes(f, out);
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
