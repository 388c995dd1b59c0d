// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Activation functions: value and pullback. The pullback takes the value y of the activation, because y is
// stored.
#pragma once

#include <cmath>

#include "diffam/simd/lanes.hpp"

namespace diffam {

/// max(z, 0), with derivative 0 at 0, for a number or lanes.
template <class T>
DIFFAM_HOST_DEVICE constexpr T relu_value(const T& z) {
  return select(z > T(0), z, T(0));
}
template <class T>
DIFFAM_HOST_DEVICE constexpr T relu_pullback(const T& y, const T& d_y) {
  return select(y > T(0), d_y, T(0));
}

/// 1 / (1 + e^-z)
template <class T>
DIFFAM_HOST_DEVICE T sigmoid_value(T z) {
  using std::exp;
  return T(1) / (T(1) + exp(-z));
}
template <class T>
DIFFAM_HOST_DEVICE constexpr T sigmoid_pullback(T y, T d_y) {
  return d_y * y * (T(1) - y);
}

/// The activation after the last linear layer of the renderer. In the paper the output is unbounded:
/// identity.
enum class output_kind { identity, sigmoid };

template <class T>
DIFFAM_HOST_DEVICE T output_value(output_kind kind, T z) {
  return kind == output_kind::sigmoid ? sigmoid_value(z) : z;
}
template <class T>
DIFFAM_HOST_DEVICE constexpr T output_pullback(output_kind kind, T y, T d_y) {
  return kind == output_kind::sigmoid ? sigmoid_pullback(y, d_y) : d_y;
}

}  // namespace diffam
