// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A component chosen at run time gives the same results as the component alone.
#include "diffam/component/one_of.hpp"

#include "diffam/component/pipeline.hpp"
#include "diffam/render/mlp.hpp"
#include "diffam/render/table.hpp"
#include "support/component_suite.hpp"

using namespace diffam;

namespace {

template <class Exec>
using network = mlp<double, Exec>;
template <class Exec>
using values = table<double, Exec>;
template <class Exec>
using either = one_of<network<Exec>, values<Exec>>;

constexpr mlp_params small{.frequencies = 3, .width = 5, .fourier_sigma = 0.7};

std::vector<double> distances(index_t n) {
  std::vector<double> d = check::detail::random_vector(n, 11, 0);
  for (double& x : d) x *= 0.3;
  return d;
}

}  // namespace

TEST_CASE("a component chosen at run time is a component", "[component]") {
  const index_t n = 70;
  SECTION("the first") {
    test::component_suite(
        [](auto e) {
          using E = decltype(e);
          return either<E>(network<E>(small));
        },
        distances(n), {n, 1}, {.step = 1e-6});
  }
  SECTION("the second") {
    test::component_suite(
        [](auto e) {
          using E = decltype(e);
          values<E> t({.range = {.nodes = 5}});
          t.set_parameters(std::vector<double>{0.1, 0.5, -0.2, 0.9, 0.3});
          return either<E>(std::move(t));
        },
        distances(n), {n, 1});
  }
}

TEST_CASE("one_of has the bits, parameters and shapes of the chosen component", "[component]") {
  using E = exec::serial;
  const auto d = distances(70);
  const view<const double> x(d.data(), 70, 1);
  network<E> alone(small);
  either<E> chosen{network<E>(small)};
  REQUIRE(chosen.as<network<E>>() != nullptr);
  REQUIRE(chosen.as<values<E>>() == nullptr);
  REQUIRE(chosen.parameters().value.rows == alone.parameters().value.rows);
  planned a(alone, {70, 1});
  planned c(chosen, {70, 1});
  alone.forward({}, x, a.output, a.workspace);
  chosen.forward({}, x, c.output, c.workspace);
  for (index_t i = 0; i < 70; ++i) REQUIRE(a.output[i] == c.output[i]);
  test::require_shape_error(chosen, {5, 0});
}
