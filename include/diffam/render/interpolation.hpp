// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Interpolation between the nodes of an even grid of distances: policies of the renderers that look values
// up. At the fraction s of a cell of length h, with the nodes' values t_k:
//
//     f(d) = sum_k value_k(s) t_k          f'(d) = 1/h sum_k slope_k(s) t_k
//
// Largest error, h being the nodes' distance, against a smooth function and, right, against any with kinks (V
// is the variation of f' over the nodes that the value depends on; one kink, and V is its jump of slope):
//     linear_interpolation   h^2/8 max|f''|                              1/4 h V     f' jumps at nodes
//     cubic_interpolation    h^3/62 max|f'''| + h^4/384 max|f''''|       3/16 h V    f' is continuous
// The cubic is that of Keys, "Cubic convolution interpolation for digital image processing", IEEE Trans. ASSP
// 1981 (a = -1/2): Hermite's with central differences as slopes. Hermite's own error is the second term;
// those slopes are off by h^2/6 f''' on both sides of a cell, which adds at most max s (1-s)(1-2s) = 0.0963
// of h^3/6. V's factors are the largest values of the Peano kernels.
#pragma once

#include "diffam/core/vec.hpp"

namespace diffam {

struct linear_interpolation {
  static constexpr int width = 2;  // nodes that a value depends on
  static constexpr int lead = 0;   // those before the cell's lower node

  template <class T>
  DIFFAM_HOST_DEVICE static constexpr vec<T, 2> value(T s) {
    return {T(1) - s, s};
  }
  template <class T>
  DIFFAM_HOST_DEVICE static constexpr vec<T, 2> slope(T) {
    return {T(-1), T(1)};
  }
};

struct cubic_interpolation {
  static constexpr int width = 4;
  static constexpr int lead = 1;

  template <class T>
  DIFFAM_HOST_DEVICE static constexpr vec<T, 4> value(T s) {
    const T half = T(0.5);
    return {s * (s * (T(1) - half * s) - half), T(1) + s * s * (T(1.5) * s - T(2.5)),
            s * (half + s * (T(2) - T(1.5) * s)), half * s * s * (s - T(1))};
  }
  template <class T>
  DIFFAM_HOST_DEVICE static constexpr vec<T, 4> slope(T s) {
    return {s * (T(2) - T(1.5) * s) - T(0.5), s * (T(4.5) * s - T(5)), T(0.5) + s * (T(4) - T(4.5) * s),
            s * (T(1.5) * s - T(1))};
  }
};

}  // namespace diffam
