// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The defining properties of the blur: variance, semigroup, constants, sums, border, mask.
#include "diffam/image/gaussian.hpp"

#include "diffam/check/gradient.hpp"
#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace diffam;

namespace {

grid unit_grid(const vec<index_t, 3>& size, double spacing = 1) {
  grid g;
  g.size = size;
  for (int a = 0; a < 3; ++a) g.axes(a, a) = spacing;
  return g;
}

template <class T>
volume<T> random_volume(const vec<index_t, 3>& size, double spacing = 1) {
  volume<T> v(unit_grid(size, spacing));
  const auto r = check::detail::random_vector(v.geometry.voxel_count(), 21, 0);
  for (std::size_t i = 0; i < r.size(); ++i) v.voxels[i] = static_cast<T>(r[i]);
  return v;
}

template <class T>
double largest_difference(const std::vector<T>& a, const std::vector<T>& b) {
  REQUIRE(a.size() == b.size());
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    worst = std::max(worst, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  return worst;
}

template <class T>
double sum(const std::vector<T>& x) {
  double s = 0;
  for (T v : x) s += static_cast<double>(v);
  return s;
}

}  // namespace

TEST_CASE("the weights of the discrete Gaussian sum to 1 and have the given variance", "[image]") {
  for (double variance : {0.01, 0.1024, 0.5, 1.0, 6.5536, 73.0}) {
    const std::vector<double> w = gaussian_weights(variance);
    double total = w[0], second = 0;
    for (std::size_t n = 1; n < w.size(); ++n) {
      REQUIRE(w[n] <= w[n - 1]);
      total += 2 * w[n];
      second += 2 * w[n] * static_cast<double>(n * n);
    }
    REQUIRE(total == Approx(1).epsilon(1e-14));
    REQUIRE(second <= variance * (1 + 1e-12));
    REQUIRE(second >= variance * (1 - 1e-4));
  }
  REQUIRE(gaussian_weights(0).size() == 1);
}

TEST_CASE("the discrete Gaussian is exp(-t) I_n(t)", "[image]") {
  // I_0(1) = 1.2660658777520084, I_1(1) = 0.5651591039924850, I_2(1) = 0.1357476697670383 (Abramowitz &
  // Stegun)
  const std::vector<double> w = gaussian_weights(1.0);
  REQUIRE(w[1] / w[0] == Approx(0.5651591039924850 / 1.2660658777520084).epsilon(1e-13));
  REQUIRE(w[2] / w[0] == Approx(0.1357476697670383 / 1.2660658777520084).epsilon(1e-13));
}

TEST_CASE("the blur of an impulse is a Gaussian of the given sigma in mm", "[image]") {
  const double spacing = 0.8, sigma = 2.56;
  volume<double> v(unit_grid({41, 41, 41}, spacing));
  v.at(20, 20, 20) = 1;
  const volume<double> b = blur(exec::serial{}, v, sigma);
  const double s = sigma / spacing;
  for (const auto& at : {vec3<double>{0, 0, 0}, {3, 0, 0}, {0, 4, 1}, {2, 2, 5}}) {
    const double expected = std::exp(-squared_norm(at) / (2 * s * s)) / std::pow(2 * M_PI * s * s, 1.5);
    const double found = b.at(20 + index_t(at[0]), 20 + index_t(at[1]), 20 + index_t(at[2]));
    REQUIRE(found == Approx(expected).epsilon(0.06));  // discrete against continuous: O(1 / t)
  }
  REQUIRE(b.at(17, 20, 20) == b.at(23, 20, 20));
  REQUIRE(b.at(20, 17, 20) == Approx(b.at(17, 20, 20)).epsilon(1e-12));
  REQUIRE(b.at(20, 20, 17) == Approx(b.at(17, 20, 20)).epsilon(1e-12));
}

TEST_CASE("several blurs in a row equal one blur, up to truncation", "[image]") {
  const auto v = random_volume<double>({33, 40, 29});
  const exec::serial e;
  const auto once = blur(e, v, 2.0);
  gaussian_blur<double, exec::serial> steps(e, fully_measured(v));
  for (double sigma : {0.3, 0.6, 1.2, 2.0}) steps.to(sigma);
  REQUIRE(largest_difference(steps.values(), once.voxels) < 1e-5);  // four truncations of 1e-6 against one
  REQUIRE_THROWS_AS(steps.to(1.0), error);
}

TEST_CASE("the blur keeps constants and sums, also at the border", "[image]") {
  const exec::serial e;
  volume<double> constant(unit_grid({9, 5, 70}), 3.25);
  const auto blurred = blur(e, constant, 4.0);  // wider than the volume
  for (double x : blurred.voxels) REQUIRE(x == Approx(3.25).epsilon(1e-13));
  const auto v = random_volume<double>({35, 21, 18});
  REQUIRE(sum(blur(e, v, 2.56).voxels) == Approx(sum(v.voxels)).epsilon(1e-11));
}

TEST_CASE("indices are mirrored at both ends", "[image]") {
  const index_t expected[] = {2, 1, 0, 0, 1, 2, 2, 1, 0, 0};
  for (index_t i = -3; i < 7; ++i) REQUIRE(detail::mirrored(i, 3) == expected[i + 3]);
  REQUIRE(detail::mirrored(-5, 1) == 0);
}

TEST_CASE("the blur equals its definition, also at borders", "[image]") {
  const auto v = random_volume<double>({37, 11, 6});
  const std::vector<double> w = gaussian_weights(1.7 * 1.7);
  volume<double> expected = v;
  for (int axis = 0; axis < 3; ++axis) {
    const volume<double> from = expected;
    const auto& size = v.geometry.size;
    for (index_t k = 0; k < size[2]; ++k)
      for (index_t j = 0; j < size[1]; ++j)
        for (index_t i = 0; i < size[0]; ++i) {
          double s = 0;
          for (index_t t = 1 - index_t(w.size()); t < index_t(w.size()); ++t) {
            vec<index_t, 3> at{i, j, k};
            at[axis] = detail::mirrored(at[axis] + t, size[axis]);
            s += w[std::size_t(std::abs(t))] * from.at(at[0], at[1], at[2]);
          }
          expected.at(i, j, k) = s;
        }
  }
  REQUIRE(largest_difference(blur(exec::serial{}, v, 1.7).voxels, expected.voxels) <
          test::tolerance<double>::formula);
}

TEST_CASE("voxels outside the mask do not change voxels inside", "[image]") {
  const exec::serial e;
  masked_volume<double> v = fully_measured(random_volume<double>({20, 12, 14}));
  v.inside.assign(v.values.voxels.size(), 1);
  const auto outside = [](index_t i, index_t j) { return i + j > 20; };  // an oblique border
  for (index_t k = 0; k < 14; ++k)
    for (index_t j = 0; j < 12; ++j)
      for (index_t i = 0; i < 20; ++i)
        if (outside(i, j)) v.inside[std::size_t(v.values.geometry.linear(i, j, k))] = 0;
  const auto with = [&](double value) {
    masked_volume<double> w = v;
    for (std::size_t n = 0; n < w.inside.size(); ++n)
      if (w.inside[n] == 0) w.values.voxels[n] = value;
    gaussian_blur<double, exec::serial> b(e, w);
    b.to(1.5);
    return b.values();
  };
  const auto a = with(0), b = with(1e6);
  for (std::size_t n = 0; n < a.size(); ++n)
    if (v.inside[n] != 0) REQUIRE(a[n] == b[n]);
  for (std::size_t n = 0; n < a.size(); ++n)
    if (v.inside[n] != 0) v.values.voxels[n] = 2;
  for (double x : with(2)) REQUIRE(x == Approx(2).epsilon(1e-12));
}

TEST_CASE("the blur gives the same bits for any number of threads", "[image]") {
  const auto v = random_volume<float>({67, 45, 50});
  const auto expected = blur(exec::serial{}, v, 2.56);
  for (int count : {1, 2, 3, 8}) REQUIRE(blur(exec::threads(count), v, 2.56).voxels == expected.voxels);
}

TEST_CASE("blur refuses axes that are not at right angles", "[image]") {
  auto v = random_volume<float>({4, 4, 4});
  v.geometry.axes(0, 1) = 0.3;
  REQUIRE_THROWS_WITH(blur(exec::serial{}, v, 1.0), ContainsSubstring("right angles"));
}
