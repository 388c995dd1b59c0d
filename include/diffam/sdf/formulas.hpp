// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Formulas of one point and one triangle: the closest point and its derivatives (Kim & Park 2024, section
// 2.2), and the solid angle (van Oosterom & Strackee 1983). Also the distance of a point to a box.
#pragma once

#include "diffam/core/vec.hpp"

namespace diffam {

/// The part of a triangle on which the closest point lies. Vertex k is `vertex_0 + k`. The edge from vertex k
/// to the next vertex is `edge_01 + k`.
enum class triangle_feature : std::int8_t {
  vertex_0,
  vertex_1,
  vertex_2,
  edge_01,
  edge_12,
  edge_20,
  interior
};

/// The point p* of a triangle that is closest to p.
template <class T>
struct closest_point {
  T squared_distance;        // |p - p*|^2, where p* is the closest point
  vec3<T> offset;            // p - p*
  vec3<T> bary;              // barycentric weights of p*, in [0, 1]; their sum is 1
  triangle_feature feature;  // the part of the triangle on which p* lies
};

namespace detail {

template <class T>
DIFFAM_HOST_DEVICE constexpr T clamp01(T t) {
  return t > T(0) ? (t < T(1) ? t : T(1)) : T(0);
}

/// Replaces `best` by the closest point of edge k if that point is closer. The edge is the segment a + t e
/// with 0 <= t <= 1. The query point is a + w.
template <class T>
DIFFAM_HOST_DEVICE void offer_segment(const vec3<T>& w, const vec3<T>& e, int k, closest_point<T>& best) {
  const T length2 = dot(e, e);
  const T t = length2 > T(0) ? clamp01(dot(w, e) / length2) : T(0);
  const vec3<T> offset = w - e * t;
  const T d2 = dot(offset, offset);
  if (!(d2 < best.squared_distance)) return;
  const int next = k == 2 ? 0 : k + 1;
  best.squared_distance = d2;
  best.offset = offset;
  best.bary = {};
  best.bary[k] = T(1) - t;
  best.bary[next] = t;
  best.feature = static_cast<triangle_feature>(t <= T(0) ? k : t >= T(1) ? next : 3 + k);
}

}  // namespace detail

/// The point of the triangle (a, b, c) that is closest to p. It is the foot of the perpendicular if the foot
/// lies inside the triangle, else the best point of the three edges. A degenerate triangle counts as the
/// union of its edges, and no case divides by zero.
template <class T>
DIFFAM_HOST_DEVICE closest_point<T> closest_on_triangle(const vec3<T>& p, const vec3<T>& a, const vec3<T>& b,
                                                        const vec3<T>& c) {
  const vec3<T> ab = b - a, ac = c - a, w = p - a;
  closest_point<T> best{T(0), w, {T(1), T(0), T(0)}, triangle_feature::vertex_0};
  best.squared_distance = dot(w, w);
  detail::offer_segment(w, ab, 0, best);
  detail::offer_segment(p - b, c - b, 1, best);
  detail::offer_segment(p - c, a - c, 2, best);
  const vec3<T> n = cross(ab, ac);
  const T n2 = dot(n, n);
  const T u = dot(cross(w, ac), n), v = dot(cross(ab, w), n);  // barycentric weights of b and c, times |n|^2
  if (n2 > T(0) && u > T(0) && v > T(0) && u + v < n2) {
    const T s = u / n2, t = v / n2;
    const vec3<T> offset = w - ab * s - ac * t;
    const T d2 = dot(offset, offset);
    if (d2 < best.squared_distance) best = {d2, offset, {T(1) - s - t, s, t}, triangle_feature::interior};
  }
  return best;
}

/// The gradient of the signed distance with respect to p: the unit vector from the surface to p, times `sign`
/// (-1 if p is inside). At a distance of at most `rounding` the vector is made of rounding errors. There the
/// result is the outward normal of the surface, `normal()`.
template <class T, class Normal>
DIFFAM_HOST_DEVICE vec3<T> distance_direction(const vec3<T>& offset, T sign, T rounding,
                                              const Normal& normal) {
  const T d = norm(offset);
  return d > rounding ? offset * (sign / d) : normalized(normal());
}

/// The gradient of the loss with respect to vertex k of the closest face: d_v_k = -w_k d_d dd/dp. The motion
/// of the closest point along the face is ignored, because its effect on the distance is of second order.
template <class T>
DIFFAM_HOST_DEVICE constexpr vec3<T> distance_pullback(const vec3<T>& direction, T bary_k, T d_distance) {
  return direction * (-bary_k * d_distance);
}

/// Numerator y and denominator x of tan(solid angle / 2), both times |a| |b| |c|. The triangle (a, b, c) is
/// seen from the origin. The angle is positive if the origin is inside a surface with outward normals.
template <class T>
struct half_angle {
  T y, x;
};

template <class T>
DIFFAM_HOST_DEVICE half_angle<T> half_solid_angle(const vec3<T>& a, const vec3<T>& b, const vec3<T>& c) {
  const T la = norm(a), lb = norm(b), lc = norm(c);
  return {dot(a, cross(b, c)), la * lb * lc + dot(a, b) * lc + dot(b, c) * la + dot(c, a) * lb};
}

/// Solid angle of the triangle (a, b, c) seen from the origin, in (-2 pi, 2 pi]. It is 0 if the triangle is
/// degenerate.
template <class T>
DIFFAM_HOST_DEVICE T solid_angle(const vec3<T>& a, const vec3<T>& b, const vec3<T>& c) {
  using std::atan2;
  const half_angle<T> h = half_solid_angle(a, b, c);
  return h.y == T(0) ? T(0) : T(2) * atan2(h.y, h.x);
}

/// Solid angle of a small, distant patch of surface seen from p. The patch is replaced by a dipole: its area
/// vector n at `centre` (Barill et al. 2018).
template <class T>
DIFFAM_HOST_DEVICE T dipole_solid_angle(const vec3<T>& p, const vec3<T>& centre, const vec3<T>& n) {
  const vec3<T> r = centre - p;
  const T r2 = dot(r, r);
  return r2 > T(0) ? dot(n, r) / (r2 * norm(r)) : T(0);
}

/// Squared distance from p to the box [lo, hi]. It is 0 inside the box.
template <class T>
DIFFAM_HOST_DEVICE constexpr T squared_box_distance(const vec3<T>& p, const vec3<T>& lo, const vec3<T>& hi) {
  T s = 0;
  for (int k = 0; k < 3; ++k) {
    const T below = lo[k] - p[k], above = p[k] - hi[k];
    const T d = below > above ? below : above;
    s += d > T(0) ? d * d : T(0);
  }
  return s;
}

}  // namespace diffam
