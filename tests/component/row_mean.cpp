// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Means of rows that follow one another.
#include "diffam/component/row_mean.hpp"

#include "support/component_suite.hpp"

using namespace diffam;

TEST_CASE("the mean of rows is a component", "[component]") {
  const auto make = [](auto e) { return row_mean<double, decltype(e)>(3); };
  test::component_suite(make, check::detail::random_vector(2 * 60, 3, 0), {60, 2});
}

TEST_CASE("every K rows have one mean, and one row is its own mean", "[component]") {
  using E = exec::serial;
  const std::vector<double> values{0, 1, 2, 5, 4, 12};
  const view<const double> x{values.data(), 3, 2};
  const auto result = [&](index_t count) {
    const row_mean<double, E> c(count);
    planned p(c, x.extent());
    c.forward({}, x, p.output, p.workspace);
    return std::vector<double>(p.output.begin(), p.output.end());
  };
  REQUIRE(result(3) == std::vector<double>{2, 6});
  REQUIRE(result(1) == values);
  test::require_shape_error(row_mean<double, E>(2), {3, 2});
  REQUIRE_THROWS_AS((row_mean<double, E>(0)), error);
}
