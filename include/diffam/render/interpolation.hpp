// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Interpolation between the nodes of a uniform grid of distances: policies of the tabulated renderers. At the
// fraction s of a cell of length h, with t_k the values at the nodes:
//
//     f(d) = sum_k value_k(s) t_k          f'(d) = 1/h sum_k slope_k(s) t_k
//
// Greatest error, for a smooth function (left) and for any function with kinks (right). V is the variation of
// f' over the nodes on which the value depends; for a single kink, V is the jump of the slope.
//     linear_interpolation   h^2/8 max|f''|                              1/4 h V     f' jumps at nodes
//     cubic_interpolation    h^3/62 max|f'''| + h^4/384 max|f''''|       3/16 h V    f' is continuous
// The cubic is that of Keys, "Cubic convolution interpolation for digital image processing", IEEE Trans. ASSP
// 1981 (a = -1/2): Hermite interpolation with central differences as slopes. The error of Hermite
// interpolation is the second term. The slopes have an error of h^2/6 f''' at both ends of a cell, which adds
// at most max s (1-s)(1-2s) = 0.0963 times h^3/6. The factors of V are the maxima of the Peano kernels.
#pragma once

#include "diffam/core/vec.hpp"

namespace diffam {

/// Linear interpolation between two nodes.
struct linear_interpolation {
  static constexpr int width = 2;  // number of nodes on which a value depends
  static constexpr int lead = 0;   // number of these nodes before the lower node of the cell

  template <class T>
  DIFFAM_HOST_DEVICE static constexpr vec<T, 2> value(T s) {
    return {T(1) - s, s};
  }
  template <class T>
  DIFFAM_HOST_DEVICE static constexpr vec<T, 2> slope(T) {
    return {T(-1), T(1)};
  }
};

/// Cubic interpolation with four nodes.
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
