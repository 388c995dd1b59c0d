// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Implicit surfaces: the zero set of a function of position in mm, negative inside. Its gradient, and the
// projection of a point to the surface.
#pragma once

#include "diffam/core/vec.hpp"

namespace diffam {

/// The gradient of `shape` at p, from its member `gradient` if it has one. Otherwise central differences,
/// with a step far above rounding errors and far below the details of a vertebra.
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

/// Projects p to the zero set of `shape` by at most five Newton steps along the gradient. `reach` is the
/// longest step in mm.
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
