// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Layer normalisation (Ba, Kiros & Hinton 2016) of a row x with biased variance:
//     n = (x - mean) / sqrt(variance + 1e-5),   y = gain n + shift
#pragma once

#include <cmath>

#include "diffam/simd/lanes.hpp"

namespace diffam {

template <class T>
struct row_moments {
  T mean;
  T inverse_deviation;  // 1 / sqrt(variance + epsilon)
};

/// 1 / sqrt(variance + epsilon), for a number or lanes.
template <class T>
DIFFAM_HOST_DEVICE T inverse_deviation(const T& variance) {
  using std::sqrt;
  return T(1) / sqrt(variance + T(1e-5));
}

/// Sum of term(x) over a row of `width` numbers. `term` must accept a number and lanes.
template <class T, class Term>
DIFFAM_HOST_DEVICE T sum_over_row(const T* x, index_t width, const Term& term) {
  using row = lanes<T>;
  row sums(0);
  index_t j = 0;
  for (; j + row::count <= width; j += row::count) sums += term(row::load(x + j));
  T sum = sums.sum();
  for (; j < width; ++j) sum += term(x[j]);
  return sum;
}

/// The squared deviation from the mean.
template <class T>
struct square_about {
  T mean;
  template <class Number>
  DIFFAM_HOST_DEVICE Number operator()(const Number& x) const {
    const Number rest = x - Number(mean);
    return rest * rest;
  }
};

/// Moments of a row of `width` numbers: first the mean, then the squared deviations.
template <class T>
DIFFAM_HOST_DEVICE row_moments<T> moments_of_row(const T* x, index_t width) {
  const T count = static_cast<T>(width);
  const T mean = sum_over_row(x, width, [](const auto& own) { return own; }) / count;
  return {mean, inverse_deviation(sum_over_row(x, width, square_about<T>{mean}) / count)};
}

/// The normalised value n of one element or of lanes of elements.
template <class T, class Number>
DIFFAM_HOST_DEVICE constexpr Number normalise(const row_moments<T>& m, const Number& x) {
  return (x - Number(m.mean)) * Number(m.inverse_deviation);
}

/// The means over a row that the pullback needs, with d_n = gain d_y.
template <class T>
struct row_pullback_means {
  T mean_d;   // mean of d_n
  T mean_nd;  // mean of n d_n
};

/// dL/dx of one element or of lanes of elements.
template <class T, class Number>
DIFFAM_HOST_DEVICE constexpr Number layer_norm_pullback(const row_moments<T>& m,
                                                        const row_pullback_means<T>& r, const Number& n,
                                                        const Number& d_n) {
  return Number(m.inverse_deviation) * (d_n - Number(r.mean_d) - n * Number(r.mean_nd));
}

/// Computes these means from x (before normalisation), the gain and d_y.
template <class T>
DIFFAM_HOST_DEVICE row_pullback_means<T> pullback_means(const row_moments<T>& m, const T* x, const T* gain,
                                                        const T* d_y, index_t width) {
  using row = lanes<T>;
  row sum_d(0), sum_nd(0);
  index_t j = 0;
  for (; j + row::count <= width; j += row::count) {
    const row d = row::load(d_y + j) * row::load(gain + j);
    sum_d += d;
    sum_nd.add_product(row::load(x + j) - row(m.mean), d);
  }
  T all_d = sum_d.sum(), all_nd = sum_nd.sum();
  for (; j < width; ++j) {
    all_d += gain[j] * d_y[j];
    all_nd += (x[j] - m.mean) * gain[j] * d_y[j];
  }
  const T count = static_cast<T>(width);
  return {all_d / count, m.inverse_deviation * all_nd / count};
}

}  // namespace diffam
