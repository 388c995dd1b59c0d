// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A smooth random displacement of space, u(x) = sum over k of a_k sin(w_k . x + p_k), with its derivative
// du/dx = sum over k of a_k w_k^T cos(w_k . x + p_k). With it, the generated
// bones differ from all shapes that the measures of the built-in vertebrae can make.
#pragma once

#include "diffam/spine/phantom/measures.hpp"

namespace diffam::spine::detail {

class phantom_deformation {
 public:
  /// `deviation`: standard deviation of each component of u; `shortest`, `longest`: wavelengths; all in the
  /// unit of x.
  phantom_deformation(std::uint64_t seed, double deviation, double shortest, double longest) {
    const auto draw = [&](int k, int slot) { return phantom_variation(seed, 100 + k, slot); };
    for (int k = 0; k < waves; ++k) {
      const double z = draw(k, 0), around = pi * draw(k, 1), aside = std::sqrt(1 - z * z);
      const double frequency = 1 / longest + (1 / shortest - 1 / longest) * (draw(k, 2) + 1) / 2;
      wave_[k] = vec3<double>{aside * std::cos(around), aside * std::sin(around), z} * (2 * pi * frequency);
      for (int c = 0; c < 3; ++c)  // a uniform number has a variance of 1/3, a sine 1/2
        amplitude_[k][c] = deviation * std::sqrt(6.0 / waves) * draw(k, 3 + c);
      phase_[k] = pi * draw(k, 6);
    }
  }

  vec3<double> operator()(const vec3<double>& x) const {
    vec3<double> u{};
    for (int k = 0; k < waves; ++k) u += amplitude_[k] * std::sin(dot(wave_[k], x) + phase_[k]);
    return u;
  }

  /// Of a function f of x + u(x), from f's own gradient there: g + (du/dx)^T g.
  vec3<double> pulled_back(const vec3<double>& x, const vec3<double>& g) const {
    vec3<double> sum = g;
    for (int k = 0; k < waves; ++k)
      sum += wave_[k] * (dot(amplitude_[k], g) * std::cos(dot(wave_[k], x) + phase_[k]));
    return sum;
  }

  /// The x with x + u(x) = y: fixed-point steps, which come nearer each time as |du/dx| < 1.
  vec3<double> inverse(const vec3<double>& y) const {
    vec3<double> x = y;
    for (int step = 0; step < 12; ++step) x = y - (*this)(x);
    return x;
  }

  /// No component of u is larger.
  double largest() const {
    vec3<double> sum{};
    for (int k = 0; k < waves; ++k)
      for (int c = 0; c < 3; ++c) sum[c] += std::abs(amplitude_[k][c]);
    return std::max({sum[0], sum[1], sum[2]});
  }

 private:
  static constexpr int waves = 8;
  static constexpr double pi = 180 * degree;
  vec3<double> wave_[waves], amplitude_[waves];
  double phase_[waves];
};

}  // namespace diffam::spine::detail
