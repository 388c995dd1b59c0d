// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Building blocks of implicit shapes, which are negative inside: smooth union and smooth intersection (with
// the quadratic smooth minimum), and tapered capsules.
#pragma once

#include "diffam/mesh/implicit_surface.hpp"

namespace diffam::spine::detail {

/// Minimum of a and b, rounded where they differ by less than k.
template <class T>  // double, or a value with its gradient
DIFFAM_INLINE T smooth_union(const T& a, const T& b, double k) {
  using std::abs;
  const T h = 1 - abs(a - b) / k;
  return (a < b ? a : b) - (h > 0 ? h * h * k / 4 : T(0));
}

/// Maximum of a and b, rounded in the same way.
template <class T>
DIFFAM_INLINE T smooth_intersection(const T& a, const T& b, double k) {
  return -smooth_union<T>(-a, -b, k);
}

/// A capsule from `from` to `to`, with one radius at each end, and `stretch` times as thick along each axis.
/// Near its surface the value is the distance if the stretch is 1, and about the distance otherwise.
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
