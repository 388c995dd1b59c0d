// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Interpolation between nodes: the functions that it reproduces exactly, its slope, and its error.
#include "diffam/render/interpolation.hpp"

#include <algorithm>
#include <cmath>

#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace diffam;

namespace {

constexpr double tolerance = test::tolerance<double>::formula;

/// Interpolates f, known at integer multiples of h, at the fraction s of the cell from 0 to h.
template <class I, class F>
double interpolated(const F& f, double h, double s) {
  const auto w = I::value(s);
  double sum = 0;
  for (int k = 0; k < I::width; ++k) sum += w[k] * f(h * (k - I::lead));
  return sum;
}
template <class I, class F>
double interpolated_slope(const F& f, double h, double s) {
  const auto w = I::slope(s);
  double sum = 0;
  for (int k = 0; k < I::width; ++k) sum += w[k] * f(h * (k - I::lead));
  return sum / h;
}

/// The greatest error in a cell, over sines of all phases.
template <class I>
double largest_sine_error(double h) {
  double worst = 0;
  for (int phase = 0; phase < 64; ++phase)
    for (int i = 0; i <= 64; ++i) {
      const double s = i / 64.0, shift = phase * 0.1;
      const auto f = [&](double d) { return std::sin(d + shift); };
      worst = std::max(worst, std::abs(interpolated<I>(f, h, s) - f(s * h)));
    }
  return worst;
}

}  // namespace

TEMPLATE_TEST_CASE("interpolation is exact at nodes and for lines, and so is its slope", "[render]",
                   linear_interpolation, cubic_interpolation) {
  const auto line = [](double d) { return 3 - 2 * d; };
  for (double s : {0.0, 0.25, 0.7, 1.0}) {
    CHECK(std::abs(interpolated<TestType>(line, 0.5, s) - line(0.5 * s)) < tolerance);
    CHECK(std::abs(interpolated_slope<TestType>(line, 0.5, s) + 2) < tolerance);
  }
  const auto any = [](double d) { return std::exp(d); };
  CHECK(std::abs(interpolated<TestType>(any, 0.5, 0.0) - any(0)) < tolerance);
  CHECK(std::abs(interpolated<TestType>(any, 0.5, 1.0) - any(0.5)) < tolerance);
}

TEST_CASE("cubic interpolation is exact for parabolas, and its slope is continuous between cells",
          "[render]") {
  const auto parabola = [](double d) { return 1 - d + 4 * d * d; };
  for (double s : {0.0, 0.25, 0.7, 1.0}) {
    CHECK(std::abs(interpolated<cubic_interpolation>(parabola, 0.5, s) - parabola(0.5 * s)) < tolerance);
    CHECK(std::abs(interpolated_slope<cubic_interpolation>(parabola, 0.5, s) - (4 * s - 1)) < tolerance);
  }
  // At a node the slope is the central difference, in the cells on both sides.
  const auto any = [](double d) { return std::exp(d); };
  const auto next = [](double d) { return std::exp(d + 0.5); };
  const double central = std::exp(1.0) - 1;  // (f(2 h) - f(0)) / 2 h
  CHECK(std::abs(interpolated_slope<cubic_interpolation>(any, 0.5, 1.0) - central) < tolerance);
  CHECK(std::abs(interpolated_slope<cubic_interpolation>(next, 0.5, 0.0) - central) < tolerance);
}

TEST_CASE("the interpolation error is within its bound, and the bound is tight", "[render]") {
  // All derivatives of a sine are at most 1.
  for (double h : {0.5, 0.25, 0.1}) {
    const double linear = h * h / 8, cubic = h * h * h / 62 + h * h * h * h / 384;
    CHECK(largest_sine_error<linear_interpolation>(h) <= linear);
    CHECK(largest_sine_error<linear_interpolation>(h) > 0.9 * linear);
    CHECK(largest_sine_error<cubic_interpolation>(h) <= cubic);
    CHECK(largest_sine_error<cubic_interpolation>(h) > 0.8 * cubic);
  }
}
