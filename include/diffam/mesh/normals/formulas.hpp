// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Face normals, corner angles and angle-weighted vertex normals, with their pullbacks. n_v = normalized(sum
// over the corners c at v of angle_c times the unit normal of c's face); Baerentzen & Aanaes, "Signed
// distance computation using the angle weighted pseudonormal", IEEE TVCG 2005. The pullback goes through
// angles and face normals. A face without area contributes nothing to the normals and gets no gradient. T is
// a number, or a SIMD vector with one face per lane.
#pragma once

#include "diffam/core/view.hpp"
#include "diffam/simd/lanes.hpp"

namespace diffam {

/// Normal of a, b, c whose length is the area: (b - a) x (c - a) / 2.
template <class T>
DIFFAM_HOST_DEVICE constexpr vec3<T> area_vector(const vec3<T>& a, const vec3<T>& b, const vec3<T>& c) {
  return cross(b - a, c - a) * T(0.5);
}

/// Gradients to the three vertices of a face.
template <class T>
struct corner_gradients {
  vec3<T> d_corner[3];
};

/// Pullback of `area_vector`: d(u x v) . g = du . (v x g) + dv . (g x u).
template <class T>
DIFFAM_HOST_DEVICE constexpr corner_gradients<T> area_vector_pullback(const vec3<T>& a, const vec3<T>& b,
                                                                      const vec3<T>& c,
                                                                      const vec3<T>& d_area_vector) {
  const vec3<T> g = d_area_vector * T(0.5);
  const vec3<T> d_b = cross(c - a, g);
  const vec3<T> d_c = cross(g, b - a);
  return {{-(d_b + d_c), d_b, d_c}};
}

/// Angle at `a` between `b` and `c`, in [0, pi]. Accurate for thin triangles too.
template <class T>
DIFFAM_HOST_DEVICE T corner_angle(const vec3<T>& a, const vec3<T>& b, const vec3<T>& c) {
  using std::atan2;
  const vec3<T> u = b - a, v = c - a;
  return atan2(norm(cross(u, v)), dot(u, v));
}

/// Pullback of `corner_angle` for a triangle with unit normal `n`, with u = b - a, v = c - a: d angle / d b =
/// u x n / |u|^2 and d angle / d c = n x v / |v|^2.
template <class T>
DIFFAM_HOST_DEVICE constexpr corner_gradients<T> corner_angle_pullback(const vec3<T>& a, const vec3<T>& b,
                                                                       const vec3<T>& c, const vec3<T>& n,
                                                                       T d_angle) {
  const vec3<T> u = b - a, v = c - a;
  const vec3<T> d_b = cross(u, n) * (d_angle / squared_norm(u));
  const vec3<T> d_c = cross(n, v) * (d_angle / squared_norm(v));
  return {{-(d_b + d_c), d_b, d_c}};
}

namespace detail {
/// `upper_angle` for SIMD: no branch, no call, error below 5e-7. The polynomial is the minimax approximation
/// of atan t / t on [0, 1], with an error of 6e-9 in atan (found by Lawson's iteration).
template <class N>  // float or a SIMD vector of floats
DIFFAM_HOST_DEVICE N upper_angle_polynomial(const N& y, const N& x) {
  using std::fabs;
  const N ax = fabs(x), zero = N(0);
  const auto steep = y > ax;
  const N low = select(steep, ax, y), high = select(steep, y, ax);
  const N t = low / select(high > zero, high, N(1)), z = t * t;
  const N far = ((N(0.00245672416f) * z - N(0.0144013561f)) * z + N(0.0397812204f)) * z - N(0.0723485708f);
  const N near = ((far * z + N(0.104989459f)) * z - N(0.141612291f)) * z + N(0.199859068f);
  const N a = t * ((near * z - N(0.33332597f)) * z + N(0.999999886f));
  const N in_quarter = select(steep, N(1.57079633f) - a, a);
  return select(x < zero, N(3.14159265f) - in_quarter, in_quarter);
}
}  // namespace detail

/// The angle of (x, y) with the x axis for y >= 0, in [0, pi]; 0 for (0, 0).
DIFFAM_HOST_DEVICE inline float upper_angle(float y, float x) {
  return detail::upper_angle_polynomial(y, x);
}
DIFFAM_HOST_DEVICE inline double upper_angle(double y, double x) {
  using std::atan2;
  return atan2(y, x);
}
template <int Count>
DIFFAM_HOST_DEVICE lanes<float, Count> upper_angle(const lanes<float, Count>& y,
                                                   const lanes<float, Count>& x) {
  return detail::upper_angle_polynomial(y, x);
}
template <int Count>
DIFFAM_HOST_DEVICE lanes<double, Count> upper_angle(const lanes<double, Count>& y,
                                                    const lanes<double, Count>& x) {
  double of_y[Count], of_x[Count];
  y.store(of_y), x.store(of_x);
  for (int l = 0; l < Count; ++l) of_y[l] = upper_angle(of_y[l], of_x[l]);
  return lanes<double, Count>::load(of_y);
}

/// What a face contributes to the normals of its vertices.
template <class T>
struct face_frame {
  vec3<T> normal;  // unit, or zero for a face without area
  vec3<T> angle;   // at the three corners; zeros for a face without area
};

/// Whether normal and angles of the triangle can be computed in T.
template <class T>
DIFFAM_HOST_DEVICE auto has_area(const vec3<T>& ab, const vec3<T>& ac, const vec3<T>& bc) {
  const T tiny = T(1e-36);  // products of smaller numbers underflow in float
  return both(both(squared_norm(cross(ab, ac)) > tiny, squared_norm(ab) > tiny),
              both(squared_norm(ac) > tiny, squared_norm(bc) > tiny));
}

/// Computes normal and angles of a face. Without a branch, for SIMD: if the face has no area, the divisors
/// are 1 and the results are multiplied by 0.
template <class T>
DIFFAM_HOST_DEVICE face_frame<T> make_face_frame(const vec3<T>& a, const vec3<T>& b, const vec3<T>& c) {
  using std::sqrt;
  const vec3<T> ab = b - a, ac = c - a, bc = c - b;
  const T present = select(has_area(ab, ac, bc), T(1), T(0));
  const vec3<T> twice_area = cross(ab, ac);
  const T length = sqrt(squared_norm(twice_area));
  return {twice_area * (present / (length + (T(1) - present))),
          vec3<T>{upper_angle(length, dot(ab, ac)), upper_angle(length, -dot(ab, bc)),
                  upper_angle(length, dot(ac, bc))} *
              present};
}

/// Pullback of sum_k angle_k n . g_k to the vertices of the face. `g[k]` is the gradient of the unnormalised
/// normal sum at corner k. Equals `area_vector_pullback` plus three `corner_angle_pullback`, with common
/// terms along ab, ac and bc computed once. No branch, as above.
template <class T>
DIFFAM_HOST_DEVICE corner_gradients<T> face_frame_pullback(const vec3<T>& a, const vec3<T>& b,
                                                           const vec3<T>& c, const face_frame<T>& frame,
                                                           const vec3<T> (&g)[3]) {
  using std::sqrt;
  const vec3<T> ab = b - a, ac = c - a, bc = c - b;
  const T present = select(has_area(ab, ac, bc), T(1), T(0)), absent = T(1) - present;
  const vec3<T>& n = frame.normal;
  const vec3<T> d_n = g[0] * frame.angle[0] + g[1] * frame.angle[1] + g[2] * frame.angle[2];
  const T twice_area = sqrt(squared_norm(cross(ab, ac)));
  const vec3<T> d_area =
      (d_n - n * dot(n, d_n)) * (present / (twice_area + absent));  // gradient of twice the area vector
  const vec3<T> d_b = cross(ac, d_area), d_c = cross(d_area, ab);
  const T at_a = dot(n, g[0]), at_b = dot(n, g[1]), at_c = dot(n, g[2]);
  const vec3<T> p = cross(ab, n) * (present / (squared_norm(ab) + absent));
  const vec3<T> q = cross(n, ac) * (present / (squared_norm(ac) + absent));
  const vec3<T> r = cross(bc, n) * (present / (squared_norm(bc) + absent));
  return {{p * (at_b - at_a) + q * (at_c - at_a) - (d_b + d_c), p * (at_a - at_b) + r * (at_c - at_b) + d_b,
           q * (at_a - at_c) + r * (at_b - at_c) + d_c}};
}

}  // namespace diffam
