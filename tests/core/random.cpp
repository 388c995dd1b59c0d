// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Random numbers: Philox against its published test vectors, uniform and normal numbers against their
// moments.
#include "diffam/core/random.hpp"

#include <limits>

#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace diffam;

TEST_CASE("Philox4x32-10 gives the published test vectors", "[core][random]") {
  // kat_vectors of Random123, the reference implementation of Salmon et al. (2011).
  REQUIRE(philox4x32({0, 0, 0, 0}, {0, 0}) ==
          philox_counter{0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u});
  const std::uint32_t ones = 0xffffffffu;
  REQUIRE(philox4x32({ones, ones, ones, ones}, {ones, ones}) ==
          philox_counter{0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu});
  REQUIRE(philox4x32({0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u}, {0xa4093822u, 0x299f31d0u}) ==
          philox_counter{0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u});
}

TEST_CASE("Philox is constexpr", "[core][random]") {
  constexpr philox_counter words = philox4x32({0, 0, 0, 0}, {0, 0});
  static_assert(words[0] == 0x6627e8d5u);
  static_assert(unit_interval<double>(0) > 0);
  SUCCEED();
}

TEST_CASE("random_words depends on every argument, on both halves of 64 bits", "[core][random]") {
  const std::uint64_t high = std::uint64_t{1} << 32;
  const auto words = random_words(1, random_stream::test, 2, 3);
  REQUIRE(words == random_words(1, random_stream::test, 2, 3));
  REQUIRE_FALSE(words == random_words(2, random_stream::test, 2, 3));
  REQUIRE_FALSE(words == random_words(1 + high, random_stream::test, 2, 3));
  REQUIRE_FALSE(words == random_words(1, random_stream::weights, 2, 3));
  REQUIRE_FALSE(words == random_words(1, random_stream::test, 3, 3));
  REQUIRE_FALSE(words == random_words(1, random_stream::test, 2, 4));
  REQUIRE_FALSE(words == random_words(1, random_stream::test, 2, 3 + high));
}

TEMPLATE_TEST_CASE("uniform numbers lie in the open unit interval", "[core][random]", float, double) {
  const TestType least = unit_interval<TestType>(0);
  const TestType largest = unit_interval<TestType>(std::numeric_limits<std::uint32_t>::max());
  REQUIRE(least > 0);
  REQUIRE(largest < 1);
  REQUIRE(least == 1 - largest);  // symmetric about 1/2
  REQUIRE(std::isfinite(box_muller(least, largest)[0]));
  REQUIRE(std::isfinite(box_muller(largest, least)[1]));
}

TEMPLATE_TEST_CASE("uniform numbers have the moments of the uniform distribution", "[core][random]", float,
                   double) {
  const int n = 100000;
  double sum = 0, squares = 0;
  for (int i = 0; i < n; ++i) {
    const auto word = random_words(5, random_stream::test, 0, static_cast<std::uint64_t>(i))[i % 4];
    const double u = static_cast<double>(unit_interval<TestType>(word));
    sum += u;
    squares += u * u;
  }
  const double mean = sum / n, variance = squares / n - mean * mean;
  REQUIRE(std::abs(mean - 0.5) < 4 * std::sqrt(1.0 / 12 / n));            // four standard errors
  REQUIRE(std::abs(variance - 1.0 / 12) < 4 * std::sqrt(1.0 / 180 / n));  // Var (u - 1/2)^2 = 1/180
}

TEST_CASE("box_muller gives a pair computed by hand", "[core][random]") {
  // u = e^-2: radius 2; v = 1/4: a quarter turn.
  const auto pair = box_muller(std::exp(-2.0), 0.25);
  REQUIRE(std::abs(pair[0]) < 2 * test::tolerance<double>::formula);
  REQUIRE(pair[1] == Approx(2).epsilon(test::tolerance<double>::formula));
}

TEMPLATE_TEST_CASE("numbers of box_muller are standard normal and uncorrelated", "[core][random]", float,
                   double) {
  const int n = 100000;
  double sum[2] = {}, squares[2] = {}, fourth = 0, product = 0;
  for (int i = 0; i < n; ++i) {
    const auto words = random_words(6, random_stream::test, 1, static_cast<std::uint64_t>(i));
    const auto z = box_muller(unit_interval<TestType>(words[0]), unit_interval<TestType>(words[1]));
    for (int k = 0; k < 2; ++k) {
      sum[k] += static_cast<double>(z[k]);
      squares[k] += static_cast<double>(z[k] * z[k]);
    }
    fourth += std::pow(static_cast<double>(z[0]), 4);
    product += static_cast<double>(z[0] * z[1]);
  }
  for (int k = 0; k < 2; ++k) {
    REQUIRE(std::abs(sum[k] / n) < 4 * std::sqrt(1.0 / n));
    REQUIRE(std::abs(squares[k] / n - 1) < 4 * std::sqrt(2.0 / n));  // Var z^2 = 2
  }
  REQUIRE(std::abs(fourth / n - 3) < 4 * std::sqrt(96.0 / n));  // Var z^4 = 105 - 9
  REQUIRE(std::abs(product / n) < 4 * std::sqrt(1.0 / n));
}
