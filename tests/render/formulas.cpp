// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The formulas of the renderer against closed forms.
#include <algorithm>
#include <cmath>
#include <vector>

#include "diffam/check/gradient.hpp"
#include "diffam/render/activation.hpp"
#include "diffam/render/fourier.hpp"
#include "diffam/render/layer_norm.hpp"
#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace diffam;

namespace {

/// The greatest error of sin(2 pi t) and cos(2 pi t) for |t| <= turns, against the standard library in long
/// double.
template <class T>
double largest_error(double turns, int count) {
  double worst = 0;
  for (int i = 0; i <= count; ++i) {
    const T t = static_cast<T>(turns * (2.0 * i / count - 1));
    const long double angle = 6.283185307179586476925286766559005768L * static_cast<long double>(t);
    const auto s = sincos_turns(t);
    worst =
        std::max(worst, static_cast<double>(std::abs(static_cast<long double>(s.sine) - std::sin(angle))));
    worst =
        std::max(worst, static_cast<double>(std::abs(static_cast<long double>(s.cosine) - std::cos(angle))));
  }
  return worst;
}

}  // namespace

TEST_CASE("the error of sine and cosine is within its bound", "[render]") {
  CHECK(largest_error<float>(0.6, 200001) < 3e-7);  // the stated bound
  CHECK(largest_error<float>(64, 200001) < 3e-7);   // 400 radians
  CHECK(largest_error<float>(4000, 200001) < 3e-7);
  CHECK(largest_error<double>(64, 20001) < test::tolerance<double>::formula);
}

TEST_CASE("sine and cosine of multiples of a quarter turn", "[render]") {
  const float tolerance = 3e-7f;
  for (int quarter = -9; quarter <= 9; ++quarter) {
    const auto s = sincos_turns(0.25f * static_cast<float>(quarter));
    const int phase = ((quarter % 4) + 4) % 4;
    const float sine[] = {0, 1, 0, -1}, cosine[] = {1, 0, -1, 0};
    CHECK(std::abs(s.sine - sine[phase]) <= tolerance);
    CHECK(std::abs(s.cosine - cosine[phase]) <= tolerance);
  }
}

TEST_CASE("Fourier features and their derivative at an eighth of a turn", "[render]") {
  // B = 0.5 and d = 0.25 give an angle of pi / 4; d/dd sin = 2 pi B cos = pi / sqrt 2, d/dd cos = - pi / sqrt
  // 2.
  const auto f = fourier_value(0.5, 0.25);
  const double h = std::sqrt(0.5);
  CHECK(f.sine == Approx(h).epsilon(test::tolerance<double>::formula));
  CHECK(f.cosine == Approx(h).epsilon(test::tolerance<double>::formula));
  CHECK(fourier_pullback(0.5, f, {1.0, 0.0}) == Approx(std::acos(-1.0) * h));
  CHECK(fourier_pullback(0.5, f, {0.0, 1.0}) == Approx(-std::acos(-1.0) * h));
}

TEST_CASE("values and pullbacks of the activations", "[render]") {
  CHECK(relu_value(-2.0) == 0);
  CHECK(relu_value(3.0) == 3);
  CHECK(relu_pullback(relu_value(-2.0), 5.0) == 0);
  CHECK(relu_pullback(relu_value(0.0), 5.0) == 0);  // the chosen subgradient
  CHECK(relu_pullback(relu_value(3.0), 5.0) == 5);
  CHECK(sigmoid_value(0.0) == 0.5);
  CHECK(sigmoid_value(std::log(3.0)) == Approx(0.75));
  CHECK(sigmoid_pullback(0.75, 2.0) == Approx(2 * 0.75 * 0.25));
}

TEST_CASE("layer normalisation of 1 ... n has the moments of 1 ... n", "[render]") {
  // Mean (n + 1) / 2, biased variance (n^2 - 1) / 12.
  for (index_t n : {1, 3, 4, 5, 16, 19}) {
    std::vector<double> x;
    for (index_t i = 1; i <= n; ++i) x.push_back(static_cast<double>(i));
    const auto m = moments_of_row(x.data(), n);
    const double count = static_cast<double>(n);
    CHECK(m.mean == Approx((count + 1) / 2).epsilon(test::tolerance<double>::formula));
    CHECK(m.inverse_deviation ==
          Approx(1 / std::sqrt((count * count - 1) / 12 + 1e-5)).epsilon(test::tolerance<double>::formula));
  }
}

TEST_CASE("the pullback of layer normalisation is orthogonal to shifts and nearly to scalings", "[render]") {
  // If a constant is added to x, y does not change: the gradient sums to 0. If x is scaled, y changes by
  // O(epsilon): sum d_x (x - mean) = epsilon / (variance + epsilon) sum d_n n.
  const index_t n = 21;
  const auto x = check::detail::random_vector(n, 1, 0), gain = check::detail::random_vector(n, 2, 0),
             d_y = check::detail::random_vector(n, 3, 0);
  const auto m = moments_of_row(x.data(), n);
  const auto means = pullback_means(m, x.data(), gain.data(), d_y.data(), n);
  double sum = 0, along = 0, total = 0;
  for (index_t j = 0; j < n; ++j) {
    const auto k = static_cast<std::size_t>(j);
    const double normal = normalise(m, x[k]), d_n = gain[k] * d_y[k];
    const double d_x = layer_norm_pullback(m, means, normal, d_n);
    sum += d_x;
    along += d_x * (x[k] - m.mean);
    total += d_n * normal;
  }
  CHECK(std::abs(sum) < test::tolerance<double>::formula * static_cast<double>(n));
  CHECK(along == Approx(1e-5 * m.inverse_deviation * m.inverse_deviation * total).epsilon(1e-6));
}
