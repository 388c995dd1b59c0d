// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Local frames of eight triangles: the origin is corner a, x runs along ab, and z is normal to the plane. In
// such a frame the squared distance of a point is a squared distance in the plane plus z^2. This takes forty
// operations and no division; from the corners it takes a hundred operations and four divisions.
//
// The rounding error is as small as that of the vertex coordinates. The frame is orthonormal for every
// triangle, and the corners leave the plane of the frame by no more than their own rounding error.
#pragma once

#include "diffam/sdf/tree/boxes.hpp"

namespace diffam {

/// Local frames of the triangles of a `triangle_lanes`, which holds their corners.
template <class T, int Lanes = lane_count>
struct alignas(64) triangle_frames {
  T x[3][Lanes], y[3][Lanes], z[3][Lanes];  // orthonormal axes
  T bx[Lanes];                              // b = (bx, 0) in the frame
  T cx[Lanes], cy[Lanes];                   // c = (cx, cy) in the frame, with cy >= 0
  T ac[Lanes], bc[Lanes];                   // 1 / |c - a|^2 and 1 / |c - b|^2; 0 if the edge has no length
};

namespace detail {

template <class T>
DIFFAM_LANE_OP lane_vector<T> clamped01(const lane_vector<T>& t) {
  return larger(smaller(t, lane_vector<T>(T(1))), lane_vector<T>(T(0)));
}

/// Squared lengths up to this value count as zero, because their inverse could overflow.
template <class T>
DIFFAM_HOST_DEVICE constexpr T no_square() {
  return sizeof(T) == 4 ? T(1e-30) : T(1e-200);
}

/// 1 / x, or 0 if x is at most `no_square`.
template <class T>
DIFFAM_LANE_OP lane_vector<T> inverse_or_zero(const lane_vector<T>& x) {
  const lane_vector<T> zero(T(0)), one(T(1));
  const auto large = x > lane_vector<T>(no_square<T>());
  return select(large, one / select(large, x, one), zero);
}

/// A unit vector perpendicular to the unit vector x.
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

/// Edges and normals of eight triangles, with the square roots and quotients of their lengths. Those have a
/// long latency, so they are computed before the frames.
template <class T>
struct edge_lanes {
  vec3_lanes<T> ab, ac, normal;
  lane_vector<T> ab_length, normal_length, normal2;  // |ab|; |normal|, which is twice the area; |normal|^2
  lane_vector<T> ab_inverse2, normal_inverse2;       // 1 / |ab|^2, 1 / |normal|^2

  DIFFAM_LANE_OP explicit edge_lanes(const corner_lanes<T>& f)
      : ab(f.b - f.a), ac(f.c - f.a), normal(cross(ab, ac)), normal2(dot(normal, normal)) {
    const lane_vector<T> one(T(1)), ab2 = dot(ab, ab);
    ab_length = sqrt(ab2), normal_length = sqrt(normal2);
    ab_inverse2 = one / ab2, normal_inverse2 = one / normal2;
  }
};

/// Fills the frames of eight triangles of any shape. Here y is first made orthogonal to x, then normalised.
template <class T>
DIFFAM_LANE_CALL void compute_any_frames(const triangle_lanes<T>& f, triangle_frames<T>& out) {
  using lanes = vec3_lanes<T>;
  using number = lane_vector<T>;
  constexpr T flat = sizeof(T) == 4 ? T(4e-12) : T(1e-29);  // sine^2 of the angle between the edges; the sine
                                                            // is 16 times the machine epsilon
  const number zero(T(0)), one(T(1)), tiny(no_square<T>());
  const lanes a = lanes::load(f.v[0]), b = lanes::load(f.v[1]), c = lanes::load(f.v[2]), ab = b - a,
              ac = c - a, bc = c - b;
  const number ab2 = dot(ab, ab), ac2 = dot(ac, ac);
  const auto long_enough = ab2 > tiny;
  const number length = sqrt(select(long_enough, ab2, one)), scale = one / length;
  const lanes x{select(long_enough, ab.x * scale, one), select(long_enough, ab.y * scale, zero),
                select(long_enough, ab.z * scale, zero)};
  lanes r = ac - x * dot(ac, x);
  r = r - x * dot(r, x);  // a second projection makes r orthogonal to x up to the last bits
  const number r2 = dot(r, r);
  const auto open = r2 > most(tiny, ac2 * number(flat));  // false: the corners lie on a line
  const lanes other = across(x), unit = r * (one / sqrt(select(open, r2, one)));
  const lanes y{select(open, unit.x, other.x), select(open, unit.y, other.y), select(open, unit.z, other.z)};
  x.store(out.x), y.store(out.y), cross(x, y).store(out.z);
  select(long_enough, length, zero).store(out.bx);
  dot(ac, x).store(out.cx), select(open, dot(ac, y), zero).store(out.cy);
  inverse_or_zero(ac2).store(out.ac), inverse_or_zero(dot(bc, bc)).store(out.bc);
}

/// A faster version for triangles that are neither very thin nor collapsed to a point. It needs no selection
/// per lane, and the normal does not depend on x. The direction of the normal has an error of one rounding
/// over the sine of the angle between the edges. Axis y is perpendicular to the normal and to x, so its error
/// is the square of this, and corner c leaves the plane by no more than its own rounding error. Returns
/// whether all eight triangles are wide enough; if not, `out` is not usable.
template <class T>
DIFFAM_LANE_OP bool compute_wide_frames(const edge_lanes<T>& e, triangle_frames<T>& out) {
  using lanes = vec3_lanes<T>;
  using number = lane_vector<T>;
  constexpr T thin = sizeof(T) == 4 ? T(1e-6) : T(1e-14);  // sine^2
  // A root times a quotient of squares: the processor computes both at the same time.
  const number scale = e.ab_length * e.ab_inverse2;
  const lanes x = e.ab * scale, y = cross(e.normal, x) * (e.normal_length * e.normal_inverse2);
  const number bx = e.ab_length, cx = dot(e.ac, x), cy = e.normal_length * scale, gx = cx - bx, cy2 = cy * cy;
  const number ac2 = cx * cx + cy2, bc2 = gx * gx + cy2, inverse = number(T(1)) / (ac2 * bc2);
  x.store(out.x), y.store(out.y), cross(x, y).store(out.z);
  bx.store(out.bx), cx.store(out.cx), cy.store(out.cy);
  (bc2 * inverse).store(out.ac), (ac2 * inverse).store(out.bc);
  // If this condition holds, no product of two squares above has left the range of T.
  return to_set(most(number(no_square<T>()), ac2 * most(bx * bx, bc2) * number(thin)) < e.normal2) ==
         all_lanes;
}

}  // namespace DIFFAM_LANES

}  // namespace detail

/// Fills the frames of eight triangles. The first overload takes edges that the caller has computed already,
/// and returns whether all triangles are wide: then all corners are finite.
template <class T>
DIFFAM_LANE_OP bool compute_frames(const triangle_lanes<T>& f, const detail::edge_lanes<T>& edges,
                                   triangle_frames<T>& out) {
  const bool wide = detail::compute_wide_frames(edges, out);
  if (!wide) detail::compute_any_frames(f, out);
  return wide;
}
template <class T>
DIFFAM_LANE_OP void compute_frames(const triangle_lanes<T>& f, triangle_frames<T>& out) {
  compute_frames(f, detail::edge_lanes<T>(detail::corner_lanes<T>::load(f)), out);
}

namespace detail {

inline namespace DIFFAM_LANES {

template <class T>
DIFFAM_LANE_OP triangle_frames<T, lane_count / 2> half_of(const triangle_frames<T>& f, int first) {
  triangle_frames<T, lane_count / 2> half;
  load_half(f.x, first, half.x), load_half(f.y, first, half.y), load_half(f.z, first, half.z);
  load_half(f.bx + first, half.bx), load_half(f.cx + first, half.cx), load_half(f.cy + first, half.cy);
  load_half(f.ac + first, half.ac), load_half(f.bc + first, half.bc);
  return half;
}

}  // namespace DIFFAM_LANES

}  // namespace detail

/// Squared distance from p to each triangle with first corner `a` and frame `f`. It equals the result of
/// `closest_on_triangle` up to rounding.
template <class T, int Lanes, class Which = detail::every_lane>
DIFFAM_LANE_OP lane_vector<T> frame_squared_distances(const T (&a)[3][Lanes],
                                                      const triangle_frames<T, Lanes>& f, const vec3<T>& p,
                                                      Which which = {}) {
  using lanes = detail::vec3_lanes<T>;
  using number = lane_vector<T>;
  using detail::load_lanes;
  const number zero(T(0));
  const lanes w = lanes::same(p) - lanes::load(a, which);
  const number x = dot(w, lanes::load(f.x, which)), y = dot(w, lanes::load(f.y, which)),
               z = dot(w, lanes::load(f.z, which));
  const number bx = load_lanes(f.bx, which), cx = load_lanes(f.cx, which), cy = load_lanes(f.cy, which);
  const number gx = cx - bx, u = x - bx;  // c and the point, relative to b
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
