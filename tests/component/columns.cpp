// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Columns joined and split, and constant sources.
#include "diffam/component/columns.hpp"

#include "diffam/component/constant_source.hpp"
#include "diffam/component/pipeline.hpp"
#include "diffam/render/mlp.hpp"
#include "diffam/shape/coefficients.hpp"
#include "support/component_suite.hpp"

using namespace diffam;

namespace {

/// A network with parameters of its own, as a part of a join.
template <class Exec>
mlp<double, Exec> small(std::uint64_t seed) {
  return mlp<double, Exec>({.frequencies = 3, .width = 5, .fourier_sigma = 0.7, .seed = seed});
}

}  // namespace

TEST_CASE("columns of the input are a component", "[component]") {
  const auto make = [](auto e) { return columns<double, decltype(e)>(1, 2); };
  test::component_suite(make, check::detail::random_vector(4 * 50, 3, 0), {50, 4});
  const columns<double, exec::serial> c(1, 2);
  test::require_shape_error(c, {5, 2});
  REQUIRE(c.output_extent({5, 3}) == extent{5, 2});
  REQUIRE_THROWS_AS((columns<double, exec::serial>(-1, 2)), error);
  REQUIRE_THROWS_AS((columns<double, exec::serial>(0, 0)), error);
}

TEST_CASE("three parts side by side are a component", "[component]") {
  const auto make = [](auto e) {
    using E = decltype(e);
    return join_columns(small<E>(1), columns<double, E>(0, 2), small<E>(2));
  };
  std::vector<double> x = check::detail::random_vector(2 * 60, 4, 0);
  for (double& v : x) v *= 0.5;
  test::component_suite(make, x, {60, 2}, {.step = 1e-6});
}

TEST_CASE("a join puts its parts from left to right, and a split takes them apart", "[component]") {
  using E = exec::serial;
  const E e;
  const std::vector<double> values{0, 1, 2, 3, 4, 5};
  const view<const double> x{values.data(), 2, 3};
  const auto reversed =
      join_columns(columns<double, E>(2, 1), columns<double, E>(1, 1), columns<double, E>(0, 1));
  planned p(reversed, x.extent());
  reversed.forward(e, x, p.output, p.workspace);
  REQUIRE(std::vector<double>(p.output.begin(), p.output.end()) == std::vector<double>{2, 1, 0, 5, 4, 3});
  REQUIRE_NOTHROW(reversed.output_extent({0, 3}));
  test::require_shape_error(reversed, {2, 2});
}

TEST_CASE("a join refuses parts of different numbers of rows", "[component]") {
  using E = exec::serial;
  const std::vector<double> values(6, 1.0);
  const auto join = join_columns(constant_source<double, E>(view<const double>{values.data(), 2, 3}),
                                 constant_source<double, E>(view<const double>{values.data(), 3, 2}));
  REQUIRE_THROWS_WITH(join.output_extent({}),
                      "join_columns: expected parts with equal numbers of rows, got 2 x 3 and 3 x 2");
}

#if !defined(__CUDACC__)
TEST_CASE("a constant source gives its values on every policy, and has no unknowns", "[component]") {
  const std::vector<float> values{0.5f, -2, 3, 7, 11, 13};
  const auto run = [&](auto e) {
    constant_source<double, decltype(e)> c(view<const float>{values.data(), 3, 2});
    static_assert(component<decltype(c)>);
    REQUIRE(c.output_extent({}) == extent{3, 2});
    planned p(c, {});
    c.forward(e, {}, p.output, p.workspace);
    c.backward(e, {}, p.d_output, {}, p.workspace);
    std::vector<double> got(6);
    decltype(e)::memory::copy_to_host(got.data(), p.output.data, 6 * sizeof(double));
    REQUIRE(got == std::vector<double>(values.begin(), values.end()));
    int blocks = 0;
    visit_parameters(c, [&](auto&&) { ++blocks; });
    REQUIRE(blocks == 0);
  };
  run(exec::serial{});
  run(exec::threads(2));
  run(test::guarded{});
  const constant_source<double, exec::serial> c(view<const float>{values.data(), 3, 2});
  test::require_shape_error(c, {3, 2});
  REQUIRE_THROWS_AS((constant_source<double, exec::serial>(view<const float>{})), error);
}
#endif

TEST_CASE("gradients pass through a join to unknowns of both parts", "[component]") {
  using E = exec::serial;
  const E e;
  const std::vector<double> start{1, 2, 3, 4};
  auto join = join_columns(coefficients<double, E>(view<const double>{start.data(), 2, 1}),
                           constant_source<double, E>(view<const double>{start.data(), 2, 2}),
                           coefficients<double, E>(view<const double>{start.data() + 2, 2, 1}));
  planned p(join, {});
  join.forward(e, {}, p.output, p.workspace);
  REQUIRE(std::vector<double>(p.output.begin(), p.output.end()) ==
          std::vector<double>{1, 1, 2, 3, 2, 3, 4, 4});
  for (index_t i = 0; i < 8; ++i) p.d_output[i] = static_cast<double>(i + 1);
  join.backward(e, {}, p.d_output, {}, p.workspace);
  std::vector<double> gradients;
  visit_parameters(join,
                   [&](auto b) { gradients.insert(gradients.end(), b.gradient.begin(), b.gradient.end()); });
  REQUIRE(gradients == std::vector<double>{1, 5, 4, 8});
}
