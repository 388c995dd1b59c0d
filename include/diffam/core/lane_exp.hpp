// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The exponential function in lanes, without a call or a branch for float.
#pragma once

#include "diffam/core/lanes.hpp"

namespace diffam {

namespace detail {

/// 2^n for whole n from -126 to 127, by the bits of the exponent.
template <int Count, class Part>
DIFFAM_INLINE Part power_of_two(const Part& n) {
  Part power;
#if defined(__GNUC__) && !defined(__CUDACC__)
  if constexpr (Count > 1) {
    typedef std::int32_t whole __attribute__((vector_size(4 * Count)));
    const whole bits = (__builtin_convertvector(n, whole) + 127) << 23;
    std::memcpy(&power, &bits, sizeof power);
    return power;
  }
#endif
  if constexpr (Count == 1) {
    const std::int32_t bits = (static_cast<std::int32_t>(n) + 127) * (1 << 23);
    std::memcpy(&power, &bits, sizeof power);
    return power;
  }
}

}  // namespace detail

/// exp(x) of x clamped to [-87, 88]; relative error below 2e-7. x = n log 2 + r with |r| <= log 2 / 2, and
/// a polynomial in r (Cephes' expf, Moshier 1992). NaN gives exp(-87).
template <int Count>
DIFFAM_INLINE lanes<float, Count> exp(const lanes<float, Count>& exponent) {
  using N = lanes<float, Count>;
  const N least = N(-87), most = N(88);
  const N x = select(exponent > least, select(exponent < most, exponent, most), least);
  const N scaled = x * N(1.44269504f);
  const N n = trunc(scaled + select(scaled < N(0), N(-0.5f), N(0.5f)));
  const N r = (x - n * N(0.693359375f)) - n * N(-2.12194440e-4f);
  const N far = ((N(1.9875691500e-4f) * r + N(1.3981999507e-3f)) * r + N(8.3334519073e-3f)) * r;
  const N near = ((far + N(4.1665795894e-2f)) * r + N(1.6666665459e-1f)) * r + N(5.0000001201e-1f);
  N power;
  DIFFAM_UNROLL for (int i = 0; i < N::parts; ++i) power.v[i] = detail::power_of_two<N::width>(n.v[i]);
  return (near * r * r + r + N(1)) * power;
}

/// The library's, one by one.
template <int Count>
DIFFAM_INLINE lanes<double, Count> exp(const lanes<double, Count>& exponent) {
  using std::exp;
  double x[Count];
  exponent.store(x);
  for (int l = 0; l < Count; ++l) x[l] = exp(x[l]);
  return lanes<double, Count>::load(x);
}

}  // namespace diffam
