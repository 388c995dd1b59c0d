// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Building blocks of implicit shapes, negative inside: smooth union and its relatives (the quadratic smooth
// minimum) and tapered capsules.
#pragma once

#include "diffam/mesh/implicit_surface.hpp"

namespace diffam::spine::detail {

/// The lesser of a and b, rounded where they differ by less than k.
template <class T>  // double, or a value with its gradient
DIFFAM_INLINE T smooth_union(const T& a, const T& b, double k) {
  using std::abs;
  const T h = 1 - abs(a - b) / k;
  return (a < b ? a : b) - (h > 0 ? h * h * k / 4 : T(0));
}

template <class T>
DIFFAM_INLINE T smooth_intersection(const T& a, const T& b, double k) {
  return -smooth_union<T>(-a, -b, k);
}

/// A rod from `from` to `to` with its radius at either end, `stretch` times as thick along the axes. Near its
/// surface the value is a distance where the stretch is 1, and of that order elsewhere.
struct rod {
  vec3<double> from, to;
  double from_radius, to_radius;
  vec3<double> stretch{1, 1, 1};

  double operator()(const vec3<double>& p) const {
    const auto shrink = [&](const vec3<double>& x) {
      return vec3<double>{x[0] / stretch[0], x[1] / stretch[1], x[2] / stretch[2]};
    };
    const vec3<double> axis = shrink(to - from), q = shrink(p - from);
    double t = dot(q, axis) / squared_norm(axis);
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return norm(q - axis * t) - (from_radius + (to_radius - from_radius) * t);
  }
};

}  // namespace diffam::spine::detail
