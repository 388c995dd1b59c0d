// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A value with its gradient in space (forward-mode differentiation). An implicit shape that is a template of
// its number type gives its gradient at three times the cost of its value.
#pragma once

#include <cmath>

#include "diffam/core/vec.hpp"

namespace diffam::spine::anatomy {

/// v: the value. g: its gradient with respect to x, y, z.
struct jet {
  double v = 0;
  vec3<double> g{};

  jet() = default;
  DIFFAM_INLINE jet(double value) : v(value) {}
  DIFFAM_INLINE jet(double value, const vec3<double>& gradient) : v(value), g(gradient) {}

  DIFFAM_INLINE jet& operator+=(const jet& b) { return v += b.v, g += b.g, *this; }
  DIFFAM_INLINE jet& operator-=(const jet& b) { return v -= b.v, g -= b.g, *this; }
  DIFFAM_INLINE jet& operator*=(const jet& b) { return g = g * b.v + b.g * v, v *= b.v, *this; }
  friend DIFFAM_INLINE jet operator-(const jet& a) { return {-a.v, -a.g}; }
  friend DIFFAM_INLINE jet operator+(const jet& a, const jet& b) { return {a.v + b.v, a.g + b.g}; }
  friend DIFFAM_INLINE jet operator-(const jet& a, const jet& b) { return {a.v - b.v, a.g - b.g}; }
  friend DIFFAM_INLINE jet operator*(const jet& a, const jet& b) {
    return {a.v * b.v, a.g * b.v + b.g * a.v};
  }
  friend DIFFAM_INLINE jet operator/(const jet& a, const jet& b) {
    const double inverse = 1 / b.v;
    return {a.v * inverse, (a.g - b.g * (a.v * inverse)) * inverse};
  }
  friend DIFFAM_INLINE jet operator+(const jet& a, double b) { return {a.v + b, a.g}; }
  friend DIFFAM_INLINE jet operator+(double a, const jet& b) { return {a + b.v, b.g}; }
  friend DIFFAM_INLINE jet operator-(const jet& a, double b) { return {a.v - b, a.g}; }
  friend DIFFAM_INLINE jet operator-(double a, const jet& b) { return {a - b.v, -b.g}; }
  friend DIFFAM_INLINE jet operator*(const jet& a, double b) { return {a.v * b, a.g * b}; }
  friend DIFFAM_INLINE jet operator*(double a, const jet& b) { return {a * b.v, b.g * a}; }
  friend DIFFAM_INLINE jet operator/(const jet& a, double b) { return a * (1 / b); }
  friend DIFFAM_INLINE bool operator<(const jet& a, const jet& b) { return a.v < b.v; }
  friend DIFFAM_INLINE bool operator>(const jet& a, const jet& b) { return a.v > b.v; }
};

DIFFAM_INLINE jet abs(const jet& a) {
  return a.v < 0 ? -a : a;
}
DIFFAM_INLINE jet sqrt(const jet& a) {
  const double r = std::sqrt(a.v);
  return {r, a.g * (r > 0 ? 0.5 / r : 0)};
}
/// Requires a > 0.
DIFFAM_INLINE jet pow(const jet& a, double e) {
  const double p = std::pow(a.v, e);
  return {p, a.g * (e * p / a.v)};
}

template <class T>
DIFFAM_INLINE T clamped(const T& x, double low, double high) {
  return x < low ? T(low) : x > high ? T(high) : x;
}

}  // namespace diffam::spine::anatomy
