// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Layer normalisation (Ba, Kiros & Hinton 2016) of a row x with biased variance:
//     n = (x - mean) / sqrt(variance + 1e-5),   y = gain n + shift
#pragma once

#include <cmath>

#include "diffam/render/pack.hpp"

namespace diffam {

template <class T>
struct row_moments {
  T mean;
  T inverse_deviation;  // 1 / sqrt(variance + epsilon)
};

template <class T>
inline constexpr T layer_norm_epsilon = T(1e-5);

/// Moments of a row of `width` numbers: mean first, then the squares of what is left.
template <class T>
DIFFAM_HOST_DEVICE row_moments<T> moments_of_row(const T* x, index_t width) {
  using std::sqrt;
  constexpr index_t lanes = detail::pack<T>::lanes;
  detail::pack<T> sum, p, mean_pack;
  sum.set(T(0));
  index_t j = 0;
  for (; j + lanes <= width; j += lanes) {
    p.load(x + j);
    sum.add(p);
  }
  T mean = sum.sum();
  for (; j < width; ++j) mean += x[j];
  mean /= static_cast<T>(width);

  mean_pack.set(mean);
  sum.set(T(0));
  for (j = 0; j + lanes <= width; j += lanes) {
    p.load(x + j);
    p.subtract(mean_pack);
    sum.add_product(p, p);
  }
  T square = sum.sum();
  for (; j < width; ++j) square += (x[j] - mean) * (x[j] - mean);
  return {mean, T(1) / sqrt(square / static_cast<T>(width) + layer_norm_epsilon<T>)};
}

/// n: one element, normalised.
template <class T>
DIFFAM_HOST_DEVICE constexpr T normalise(const row_moments<T>& m, T x) {
  return (x - m.mean) * m.inverse_deviation;
}

/// What the pullback needs of a whole row of d_n = gain d_y.
template <class T>
struct row_pull {
  T mean_d;   // mean of d_n
  T mean_nd;  // mean of n d_n
};

/// dL/dx of one element.
template <class T>
DIFFAM_HOST_DEVICE constexpr T layer_norm_pullback(const row_moments<T>& m, const row_pull<T>& r, T n,
                                                   T d_n) {
  return m.inverse_deviation * (d_n - r.mean_d - n * r.mean_nd);
}

/// Means over a row, from x (before normalisation), the gain and d_y.
template <class T>
DIFFAM_HOST_DEVICE row_pull<T> pull_of_row(const row_moments<T>& m, const T* x, const T* gain, const T* d_y,
                                           index_t width) {
  constexpr index_t lanes = detail::pack<T>::lanes;
  detail::pack<T> sum_d, sum_nd, mean, n, d, g;
  sum_d.set(T(0));
  sum_nd.set(T(0));
  mean.set(m.mean);
  index_t j = 0;
  for (; j + lanes <= width; j += lanes) {
    n.load(x + j);
    n.subtract(mean);
    d.load(d_y + j);
    g.load(gain + j);
    d.multiply(g);
    sum_d.add(d);
    sum_nd.add_product(n, d);
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
