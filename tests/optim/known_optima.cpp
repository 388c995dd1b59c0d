// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Update rules on problems whose optimum is known.
#include "diffam/exec/serial.hpp"
#include "diffam/optim/vector_adam.hpp"
#include "support/catch.hpp"
#include "support/optimizer_run.hpp"

using namespace diffam;

namespace {

/// sum of c_i (x_i - o_i)^2 / 2 with curvatures from 1 to 1000 and its optimum at o_i = i - 1.
void quadratic(view<const double> x, view<double> g) {
  for (index_t i = 0; i < x.size(); ++i) {
    const double optimum = static_cast<double>(i) - 1;
    g[i] = std::pow(1000.0, static_cast<double>(i) / static_cast<double>(x.size() - 1)) * (x[i] - optimum);
  }
}

/// Rosenbrock's function (1960) in the first two columns of each row: (1 - a)^2 + 100 (b - a^2)^2, optimum at
/// (1, 1). The third column is c^2 / 2, optimum at 0.
void rosenbrock(view<const double> x, view<double> g) {
  for (index_t i = 0; i < x.rows; ++i) {
    const double a = x(i, 0), b = x(i, 1);
    g(i, 0) = -2 * (1 - a) - 400 * a * (b - a * a);
    g(i, 1) = 200 * (b - a * a);
    g(i, 2) = x(i, 2);
  }
}

template <class Rule, class Gradient>
void minimize(test::optimizer_run<Rule>& run, int iterations, Gradient gradient) {
  for (int t = 0; t < iterations; ++t) run.step(gradient);
}

constexpr double close_to_optimum = 1e-3;  // for a rate that falls to 0

using falling = optim::linear<double>;

}  // namespace

TEST_CASE("rules find the optimum of an ill-conditioned quadratic", "[optim]") {
  const auto check = [](auto rule) {
    test::optimizer_run run(rule, {2, 3}, 2000);
    minimize(run, 2000, quadratic);
    for (index_t i = 0; i < 6; ++i)
      CHECK(std::abs(run.value()[i] - (static_cast<double>(i) - 1)) < close_to_optimum);
  };
  SECTION("Adam") {
    check(optim::adam<double, exec::serial, falling>({.rate = 0.1}));
  }
  SECTION("vector-wise Adam") {
    check(optim::vector_adam<double, exec::serial, falling>({.rate = 0.1, .beta2 = 0.999}));
  }
}

TEST_CASE("rules find the optimum of Rosenbrock's function", "[optim]") {
  const auto check = [](auto rule) {
    test::optimizer_run run(rule, {2, 3}, 20000);
    store3(run.value(), 0, vec3<double>{-1.2, 1, 0.5});
    store3(run.value(), 1, vec3<double>{0, 0, -0.5});
    minimize(run, 20000, rosenbrock);
    for (index_t i = 0; i < 2; ++i)
      CHECK(norm(load3(run.value(), i) - vec3<double>{1, 1, 0}) < close_to_optimum);
  };
  SECTION("Adam") {
    check(optim::adam<double, exec::serial, falling>({.rate = 0.02, .beta2 = 0.999}));
  }
  SECTION("vector-wise Adam") {
    check(optim::vector_adam<double, exec::serial, falling>({.rate = 0.02, .beta2 = 0.999}));
  }
}

TEST_CASE("a row with base step 0 does not move, and the other rows find their optimum", "[optim]") {
  buffer<double> base(2), log_ratio(2);
  base.data()[1] = 1;
  log_ratio.data()[1] = std::log(4.0);  // factor 1/4 at first, 4^-0.4 at the end
  const optim::row_steps<double> steps{base.get(), log_ratio.get()};
  using rule = optim::vector_adam<double, exec::serial, falling, optim::row_steps<double>>;
  test::optimizer_run run(rule({.rate = 0.1}, steps), {2, 3}, 2000);
  minimize(run, 2000, [](view<const double> x, view<double> g) {
    for (index_t i = 0; i < x.size(); ++i) g[i] = x[i] - 2;
  });
  for (index_t k = 0; k < 3; ++k) {
    CHECK(run.value()(0, k) == 0);
    CHECK(std::abs(run.value()(1, k) - 2) < close_to_optimum);
  }
}
