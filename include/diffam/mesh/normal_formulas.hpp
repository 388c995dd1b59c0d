// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Face normals, corner angles and angle-weighted vertex normals: n_v = normalized(sum over the corners c at v
// of angle_c times the unit normal of c's face), Baerentzen & Aanaes, "Signed distance computation using the
// angle weighted pseudonormal", IEEE TVCG 2005; with the full pullback, through angles and face normals.
// A face without area (or of three points in a line) has no normal: it contributes nothing, here and in the
// pullback.
#pragma once

#include "diffam/core/view.hpp"

namespace diffam {

/// Normal of a, b, c, as long as the triangle's area: (b - a) x (c - a) / 2.
template <class T>
DIFFAM_HOST_DEVICE constexpr vec3<T> area_vector(const vec3<T>& a, const vec3<T>& b, const vec3<T>& c) {
  return cross(b - a, c - a) * T(0.5);
}

template <class T>
struct corner_gradients {
  vec3<T> d_corner[3];  // to the face's three vertices
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

/// Angle at `a` between `b` and `c`, in [0, pi]; well conditioned for thin triangles too.
template <class T>
DIFFAM_HOST_DEVICE T corner_angle(const vec3<T>& a, const vec3<T>& b, const vec3<T>& c) {
  using std::atan2;
  const vec3<T> u = b - a, v = c - a;
  return atan2(norm(cross(u, v)), dot(u, v));
}

/// Pullback of `corner_angle` for a triangle with the unit normal `n`: the angle shrinks as b turns about a
/// towards c, so d angle / d b = u x n / |u|^2 and d angle / d c = n x v / |v|^2.
template <class T>
DIFFAM_HOST_DEVICE constexpr corner_gradients<T> corner_angle_pullback(const vec3<T>& a, const vec3<T>& b,
                                                                       const vec3<T>& c, const vec3<T>& n,
                                                                       T d_angle) {
  const vec3<T> u = b - a, v = c - a;
  const vec3<T> d_b = cross(u, n) * (d_angle / squared_norm(u));
  const vec3<T> d_c = cross(n, v) * (d_angle / squared_norm(v));
  return {{-(d_b + d_c), d_b, d_c}};
}

/// A face's share in the normals of its vertices.
template <class T>
struct face_frame {
  vec3<T> normal;  // unit, or zero for a face without area
  vec3<T> angle;   // at its three corners; zeros for a face without area
};

/// False where a normal or an angle of the triangle cannot be computed in T.
template <class T>
DIFFAM_HOST_DEVICE constexpr bool has_area(const vec3<T>& ab, const vec3<T>& ac, const vec3<T>& bc) {
  constexpr T tiny = T(1e-36);  // squares of lengths below this leave float's range
  return squared_norm(cross(ab, ac)) > tiny && squared_norm(ab) > tiny && squared_norm(ac) > tiny &&
         squared_norm(bc) > tiny;
}

template <class T>
DIFFAM_HOST_DEVICE face_frame<T> make_face_frame(const vec3<T>& a, const vec3<T>& b, const vec3<T>& c) {
  using std::atan2;
  using std::sqrt;
  const vec3<T> ab = b - a, ac = c - a, bc = c - b;
  if (!has_area(ab, ac, bc)) return {};
  const vec3<T> twice_area = cross(ab, ac);
  const T length = sqrt(squared_norm(twice_area));
  return {twice_area * (T(1) / length),
          {atan2(length, dot(ab, ac)), atan2(length, -dot(ab, bc)), atan2(length, dot(ac, bc))}};
}

/// Pullback of sum_k angle_k n . g_k to the face's vertices, where `g[k]` is the gradient of the
/// (unnormalised) normal sum at corner k.
template <class T>
DIFFAM_HOST_DEVICE corner_gradients<T> face_frame_pullback(const vec3<T>& a, const vec3<T>& b,
                                                           const vec3<T>& c, const face_frame<T>& frame,
                                                           const vec3<T> (&g)[3]) {
  if (!has_area(b - a, c - a, c - b)) return {};
  const vec3<T>& n = frame.normal;
  const vec3<T> d_n = g[0] * frame.angle[0] + g[1] * frame.angle[1] + g[2] * frame.angle[2];
  const vec3<T> d_area_vector = normalized_pullback(area_vector(a, b, c), d_n);
  corner_gradients<T> d = area_vector_pullback(a, b, c, d_area_vector);
  const corner_gradients<T> at[3] = {corner_angle_pullback(a, b, c, n, dot(n, g[0])),
                                     corner_angle_pullback(b, c, a, n, dot(n, g[1])),
                                     corner_angle_pullback(c, a, b, n, dot(n, g[2]))};
  for (int k = 0; k < 3; ++k)
    for (int j = 0; j < 3; ++j) d.d_corner[(k + j) % 3] += at[k].d_corner[j];
  return d;
}

}  // namespace diffam
