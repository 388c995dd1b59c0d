// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Surfaces as the zero of a function of the place (negative inside): its gradient by differences, and the way
// from a point to the zero. For functions in mm.
#pragma once

#include "diffam/core/vec.hpp"

namespace diffam {

/// The shape's own `gradient` where it has one, else central differences: the step is far above rounding and
/// far below a vertebra's features.
template <class Shape>
vec3<double> implicit_gradient(const Shape& shape, const vec3<double>& p) {
  if constexpr (requires { shape.gradient(p); }) return shape.gradient(p);
  constexpr double step = 1.0 / 1024;  // mm
  vec3<double> g;
  for (int k = 0; k < 3; ++k) {
    vec3<double> low = p, high = p;
    low[k] -= step, high[k] += step;
    g[k] = (shape(high) - shape(low)) / (2 * step);
  }
  return g;
}

/// The zero of `shape` near p: Newton steps along the gradient, none longer than `reach`.
template <class Shape>
vec3<double> project_to_zero(const Shape& shape, vec3<double> p, double reach) {
  for (int step = 0; step < 5; ++step) {
    const vec3<double> g = implicit_gradient(shape, p);
    const double squared = squared_norm(g);
    if (!(squared > 1e-6)) break;
    vec3<double> move = g * (-shape(p) / squared);
    const double length = norm(move);
    if (length > reach) move *= reach / length;
    p += move;
    if (length < 1e-4) break;  // mm
  }
  return p;
}

}  // namespace diffam
