// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Small vectors and 3 x 3 matrices for kernels: aggregates that work on host and device.
#pragma once

#include <cmath>

#include "diffam/core/select.hpp"

namespace diffam {

/// One degree in radians.
inline constexpr double degree = 3.14159265358979323846 / 180;

/// A vector of N components.
template <class T,  // a number or a SIMD vector
          int N>    // number of components
struct vec {
  T v[N];

  DIFFAM_INLINE constexpr T& operator[](int i) { return v[i]; }
  DIFFAM_INLINE constexpr const T& operator[](int i) const { return v[i]; }

  DIFFAM_INLINE constexpr vec& operator+=(const vec& b) {
    for (int i = 0; i < N; ++i) v[i] += b.v[i];
    return *this;
  }
  DIFFAM_INLINE constexpr vec& operator-=(const vec& b) {
    for (int i = 0; i < N; ++i) v[i] -= b.v[i];
    return *this;
  }
  DIFFAM_INLINE constexpr vec& operator*=(const T& s) {
    for (int i = 0; i < N; ++i) v[i] *= s;
    return *this;
  }
  friend DIFFAM_INLINE constexpr vec operator+(const vec& a, const vec& b) { return vec(a) += b; }
  friend DIFFAM_INLINE constexpr vec operator-(const vec& a, const vec& b) { return vec(a) -= b; }
  friend DIFFAM_INLINE constexpr vec operator*(const vec& a, const T& s) { return vec(a) *= s; }
  friend DIFFAM_INLINE constexpr vec operator*(const T& s, const vec& a) { return vec(a) *= s; }
  friend DIFFAM_INLINE constexpr vec operator-(const vec& a) { return vec(a) *= T(-1); }
  friend DIFFAM_INLINE constexpr bool operator==(const vec& a, const vec& b) {
    for (int i = 0; i < N; ++i)
      if (!(a.v[i] == b.v[i])) return false;
    return true;
  }
};

/// A vector or a point in space.
template <class T>
using vec3 = vec<T, 3>;

/// A triangle: three vertex indices, counter-clockwise seen from outside.
using face = vec<stored_index, 3>;

/// Dot product, summed in order.
template <class T, int N>
DIFFAM_INLINE constexpr T dot(const vec<T, N>& a, const vec<T, N>& b) {
  T s = a[0] * b[0];
  for (int i = 1; i < N; ++i) s += a[i] * b[i];
  return s;
}

/// Cross product.
template <class T>
DIFFAM_INLINE constexpr vec3<T> cross(const vec3<T>& a, const vec3<T>& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

/// |a|^2.
template <class T, int N>
DIFFAM_INLINE constexpr T squared_norm(const vec<T, N>& a) {
  return dot(a, a);
}

/// |a|, the Euclidean length.
template <class T, int N>
DIFFAM_INLINE T norm(const vec<T, N>& a) {
  using std::sqrt;
  return sqrt(dot(a, a));
}

/// Whether no component is infinite or NaN.
template <real T, int N>
bool is_finite(const vec<T, N>& a) {
  for (int k = 0; k < N; ++k)
    if (!std::isfinite(a[k])) return false;
  return true;
}

/// a / |a|; the zero vector stays zero. T is a number or a SIMD vector, as for the pullback.
template <class T, int N>
DIFFAM_HOST_DEVICE vec<T, N> normalized(const vec<T, N>& a) {
  const T n = norm(a);
  return a * (T(1) / select(n > T(0), n, T(1)));
}

/// Pullback of `normalized` at `a`: (d_n - n (n . d_n)) / |a|; zero where a is zero.
template <class T, int N>
DIFFAM_HOST_DEVICE vec<T, N> normalized_pullback(const vec<T, N>& a, const vec<T, N>& d_n) {
  const T length = norm(a);
  const T inverse = select(length > T(0), T(1) / select(length > T(0), length, T(1)), T(0));
  const vec<T, N> n = a * inverse;
  return (d_n - n * dot(n, d_n)) * inverse;
}

/// Row-major 3 x 3 matrix.
template <class T>
struct mat3 {
  vec3<T> row[3];

  DIFFAM_INLINE constexpr T& operator()(int i, int j) { return row[i][j]; }
  DIFFAM_INLINE constexpr const T& operator()(int i, int j) const { return row[i][j]; }

  static DIFFAM_INLINE constexpr mat3 identity() { return {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}; }
};

/// A x: a matrix times a column vector.
template <class T>
DIFFAM_INLINE constexpr vec3<T> operator*(const mat3<T>& a, const vec3<T>& x) {
  return {dot(a.row[0], x), dot(a.row[1], x), dot(a.row[2], x)};
}

/// x^T A: a row vector times a matrix.
template <class T>
DIFFAM_INLINE constexpr vec3<T> operator*(const vec3<T>& x, const mat3<T>& a) {
  return a.row[0] * x[0] + a.row[1] * x[1] + a.row[2] * x[2];
}

/// A B: the matrix product.
template <class T>
DIFFAM_INLINE constexpr mat3<T> operator*(const mat3<T>& a, const mat3<T>& b) {
  return {{a.row[0] * b, a.row[1] * b, a.row[2] * b}};
}

/// The transpose.
template <class T>
DIFFAM_INLINE constexpr mat3<T> transpose(const mat3<T>& a) {
  return {{{a(0, 0), a(1, 0), a(2, 0)}, {a(0, 1), a(1, 1), a(2, 1)}, {a(0, 2), a(1, 2), a(2, 2)}}};
}

/// The determinant.
template <class T>
DIFFAM_INLINE constexpr T determinant(const mat3<T>& a) {
  return dot(a.row[0], cross(a.row[1], a.row[2]));
}

/// Inverse by cofactors. The determinant must not be zero; it is not checked.
template <class T>
DIFFAM_INLINE constexpr mat3<T> inverse(const mat3<T>& a) {
  const T s = T(1) / determinant(a);
  const vec3<T> c0 = cross(a.row[1], a.row[2]) * s;
  const vec3<T> c1 = cross(a.row[2], a.row[0]) * s;
  const vec3<T> c2 = cross(a.row[0], a.row[1]) * s;
  return transpose(mat3<T>{{c0, c1, c2}});
}

}  // namespace diffam
