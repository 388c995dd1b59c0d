// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// exp, log, sine and cosine of lanes. Those of float are polynomials without a call or a branch (Cephes,
// Moshier 1992); those of double call the standard library for each lane.
#pragma once

#include "diffam/simd/lanes.hpp"

namespace diffam {

namespace detail {

/// 2^n of whole numbers n from -126 to 127, by the bits of the exponent.
template <int Count>
DIFFAM_LANE_OP lanes<float, Count> power_of_two(const lanes<float, Count>& n) {
  using N = lanes<float, Count>;
  N r;
  DIFFAM_UNROLL for (int i = 0; i < N::parts; ++i) r.v[i] =
      same_bits<typename N::part>((converted<whole_lanes<N::width>>(n.v[i]) + 127) << 23);
  return r;
}

/// x = mantissa 2^exponent for x >= 1.2e-38, with the mantissa in [1/2, 1).
template <int Count>
DIFFAM_LANE_OP void split_exponent(const lanes<float, Count>& x, lanes<float, Count>& mantissa,
                                   lanes<float, Count>& exponent) {
  using N = lanes<float, Count>;
  constexpr std::int32_t fraction = 0x007fffff, half = 0x3f000000;
  DIFFAM_UNROLL for (int i = 0; i < N::parts; ++i) {
    const auto bits = same_bits<whole_lanes<N::width>>(x.v[i]);
    exponent.v[i] = converted<typename N::part>((bits >> 23) - 126);
    mantissa.v[i] = same_bits<typename N::part>((bits & fraction) | half);
  }
}

/// f of each lane; f calls the standard library.
template <int Count, class F>
DIFFAM_LANE_OP lanes<double, Count> by_library(const lanes<double, Count>& of, const F& f) {
  double x[Count];
  of.store(x);
  for (int l = 0; l < Count; ++l) x[l] = f(x[l]);
  return lanes<double, Count>::load(x);
}

}  // namespace detail

/// exp(x) of x clamped to [-87, 88]; relative error below 2e-7. x = n log 2 + r with |r| <= log 2 / 2, and
/// a polynomial in r. NaN gives exp(-87).
template <int Count>
DIFFAM_LANE_OP lanes<float, Count> exp(const lanes<float, Count>& exponent) {
  using N = lanes<float, Count>;
  const N least = N(-87), most = N(88);
  const N x = select(exponent > least, select(exponent < most, exponent, most), least);
  const N scaled = x * N(1.44269504f);
  const N n = trunc(scaled + select(scaled < N(0), N(-0.5f), N(0.5f)));
  const N r = (x - n * N(0.693359375f)) - n * N(-2.12194440e-4f);
  const N far = ((N(1.9875691500e-4f) * r + N(1.3981999507e-3f)) * r + N(8.3334519073e-3f)) * r;
  const N near = ((far + N(4.1665795894e-2f)) * r + N(1.6666665459e-1f)) * r + N(5.0000001201e-1f);
  return (near * r * r + r + N(1)) * detail::power_of_two(n);
}

template <int Count>
DIFFAM_LANE_OP lanes<double, Count> exp(const lanes<double, Count>& exponent) {
  return detail::by_library(exponent, [](double x) { return std::exp(x); });
}

/// log(x) of x in [1.2e-38, 3.4e38]; error below 2e-7, absolute or relative. With x = 2^n (1 + r), 1 + r in
/// [sqrt(1/2), sqrt(2)).
template <int Count>
DIFFAM_LANE_OP lanes<float, Count> log(const lanes<float, Count>& x) {
  using N = lanes<float, Count>;
  N mantissa, n;
  detail::split_exponent(x, mantissa, n);
  const auto low = mantissa < N(0.707106781f);
  n -= select(low, N(1), N(0));
  const N r = select(low, mantissa + mantissa, mantissa) - N(1), z = r * r;
  const N far = (((N(7.0376836292e-2f) * r - N(1.1514610310e-1f)) * r + N(1.1676998740e-1f)) * r -
                 N(1.2420140846e-1f)) *
                    r +
                N(1.4249322787e-1f);
  const N near = (((far * r - N(1.6668057665e-1f)) * r + N(2.0000714765e-1f)) * r - N(2.4999993993e-1f)) * r +
                 N(3.3333331174e-1f);
  const N rest = near * r * z - n * N(2.12194440e-4f) - z * N(0.5f);
  return (r + rest) + n * N(0.693359375f);
}
template <int Count>
DIFFAM_LANE_OP lanes<double, Count> log(const lanes<double, Count>& x) {
  return detail::by_library(x, [](double own) { return std::log(own); });
}

template <class N>
struct lane_sine_cosine {
  N sine, cosine;
};

/// Sine and cosine of |x| < 1,000; error below 2e-7. x = n pi / 2 + r with |r| <= pi / 4.
template <int Count>
DIFFAM_LANE_OP lane_sine_cosine<lanes<float, Count>> sine_and_cosine(const lanes<float, Count>& x) {
  using N = lanes<float, Count>;
  const N scaled = x * N(0.636619772f);
  const N n = trunc(scaled + select(scaled < N(0), N(-0.5f), N(0.5f)));
  const N r = ((x - n * N(1.5703125f)) - n * N(4.8375129699707e-4f)) - n * N(7.549789948768648e-8f);
  const N z = r * r;
  const N s = ((N(-1.9515295891e-4f) * z + N(8.3321608736e-3f)) * z - N(1.6666654611e-1f)) * z * r + r;
  const N c =
      ((N(2.443315711809948e-5f) * z - N(1.388731625493765e-3f)) * z + N(4.166664568298827e-2f)) * z * z -
      z * N(0.5f) + N(1);
  // By quarter turns: odd ones exchange the two, and signs go by n mod 4.
  const N half = n * N(0.5f), odd = fabs(n - trunc(half) * N(2));
  const N turned = fabs(trunc(half + select(n < N(0), N(-0.5f), N(0))));  // floor(n / 2) in size
  const N minus = turned - trunc(turned * N(0.5f)) * N(2);                // 1 in the lower half of a turn
  const N sign = N(1) - N(2) * minus;
  const auto exchanged = odd > N(0);
  return {select(exchanged, c, s) * sign, select(exchanged, -s, c) * sign};
}
template <int Count>
DIFFAM_LANE_OP lanes<float, Count> sin(const lanes<float, Count>& x) {
  return sine_and_cosine(x).sine;
}
template <int Count>
DIFFAM_LANE_OP lanes<float, Count> cos(const lanes<float, Count>& x) {
  return sine_and_cosine(x).cosine;
}
template <int Count>
DIFFAM_LANE_OP lanes<double, Count> sin(const lanes<double, Count>& x) {
  return detail::by_library(x, [](double own) { return std::sin(own); });
}
template <int Count>
DIFFAM_LANE_OP lanes<double, Count> cos(const lanes<double, Count>& x) {
  return detail::by_library(x, [](double own) { return std::cos(own); });
}

}  // namespace diffam
