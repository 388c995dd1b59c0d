// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Gaussian Fourier features of a scalar (Tancik et al., "Fourier features let networks learn high frequency
// functions in low dimensional domains", NeurIPS 2020):
//     phi(d) = [sin(2 pi B_1 d), ..., sin(2 pi B_F d), cos(2 pi B_1 d), ..., cos(2 pi B_F d)]
// with B ~ N(0, sigma^2).
#pragma once

#include <cmath>

#include "diffam/core/config.hpp"

namespace diffam {

template <class T>
inline constexpr T two_pi = T(6.283185307179586476925286766559);

/// The sine and cosine of one angle.
template <class T>
struct sine_cosine {
  T sine, cosine;
};

namespace detail {

/// sin(2 pi u) for |u| <= 1/4, by an odd minimax polynomial with an error of at most 3.4e-9 (fitted by
/// Lawson's iteration).
DIFFAM_HOST_DEVICE constexpr float quarter_sine(float u) {
  const float z = u * u;
  return u * ((((39.536706f * z - 76.549782f) * z + 81.601004f) * z - 41.341655f) * z + 6.2831852f);
}

/// The integer nearest to t, for |t| < 2^22, without a branch or a call. Above this limit, the result is not
/// needed: t has no significant fraction.
DIFFAM_HOST_DEVICE inline float nearest_whole(float t) {
  const float shift = 12582912.0f;  // 1.5 * 2^23
  const float shifted = t + shift;
  return shifted - shift;
}

}  // namespace detail

/// sin(2 pi t) and cos(2 pi t). The float version has no branch and no call, so that a loop vectorises. The
/// reduction to [-1/2, 1/2] turns is exact, and the absolute error is below 3e-7.
DIFFAM_HOST_DEVICE inline sine_cosine<float> sincos_turns(float t) {
  using std::copysign;
  using std::fabs;
  const float r = t - detail::nearest_whole(t);
  const float from_quarter = 0.25f - fabs(r);  // cos(2 pi r) = sin(2 pi (1/4 - |r|))
  const float folded = 0.25f - fabs(from_quarter);
  return {copysign(detail::quarter_sine(folded), r), detail::quarter_sine(from_quarter)};
}

DIFFAM_HOST_DEVICE inline sine_cosine<double> sincos_turns(double t) {
  using std::cos;
  using std::floor;
  using std::sin;
  const double angle = two_pi<double> * (t - floor(t + 0.5));
  return {sin(angle), cos(angle)};
}

/// The two features of frequency B at d.
template <class T>
DIFFAM_HOST_DEVICE sine_cosine<T> fourier_value(T b, T d) {
  return sincos_turns(b * d);
}

/// dL/dd of one frequency, from its features and dL/d(features).
template <class T>
DIFFAM_HOST_DEVICE constexpr T fourier_pullback(T b, const sine_cosine<T>& feature,
                                                const sine_cosine<T>& d_feature) {
  return two_pi<T> * b * (feature.cosine * d_feature.sine - feature.sine * d_feature.cosine);
}

}  // namespace diffam
