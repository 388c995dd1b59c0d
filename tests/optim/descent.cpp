// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Descent with momentum and RMSprop: steps worked out by hand, and known optima.
#include "diffam/optim/descent.hpp"

#include "diffam/exec/serial.hpp"
#include "support/catch.hpp"
#include "support/optimizer_run.hpp"

using namespace diffam;
using serial = exec::serial;

namespace {

/// The value after `steps` steps with the gradient 1.
template <class Rule>
double after(const Rule& rule, int steps, std::uint64_t total = 100) {
  test::optimizer_run<Rule> run(rule, {1, 1}, total);
  for (int k = 0; k < steps; ++k) run.step([](view<const double>, view<double> g) { g[0] = 1; });
  return run.value()[0];
}

/// The distance to the optimum (3, -1) of (x - 3)^2 + 10 (y + 1)^2 after a run.
template <class Rule>
double distance_to_optimum(const Rule& rule, int steps) {
  test::optimizer_run<Rule> run(rule, {2, 1}, static_cast<std::uint64_t>(steps));
  for (int k = 0; k < steps; ++k)
    run.step([](view<const double> x, view<double> g) { g[0] = 2 * (x[0] - 3), g[1] = 20 * (x[1] + 1); });
  return std::hypot(run.value()[0] - 3, run.value()[1] + 1);
}

}  // namespace

TEST_CASE("descent with a constant gradient moves as worked out by hand", "[optim]") {
  using plain = optim::descent<double, serial>;
  REQUIRE(after(plain({.rate = 0.1}), 3) == Approx(-0.3));
  // v = 1, 1.5, 1.75
  REQUIRE(after(plain({.rate = 0.1, .momentum = 0.5}), 3) == Approx(-0.425));
  // g + m v = 1.5, 1.75, 1.875
  REQUIRE(after(plain({.rate = 0.1, .momentum = 0.5, .nesterov = true}), 3) == Approx(-0.5125));
  // s = 1/4, 7/16
  using squares = optim::rmsprop<double, serial>;
  REQUIRE(after(squares({.rate = 0.1, .beta = 0.75, .epsilon = 0}), 2) ==
          Approx(-0.1 * (2 + 4 / std::sqrt(7.0))));
  // the schedule: 1 at the first of two iterations, 1/2 at the second
  using fading = optim::descent<double, serial, optim::linear<double>>;
  const double first = after(fading({.rate = 0.1}), 1, 2), both = after(fading({.rate = 0.1}), 2, 2);
  REQUIRE(first == Approx(-0.1));
  REQUIRE(both - first > -0.1);
}

TEST_CASE("descent and RMSprop find a known optimum", "[optim]") {
  REQUIRE(distance_to_optimum(optim::descent<double, serial>({.rate = 0.05}), 300) < 1e-8);
  REQUIRE(distance_to_optimum(optim::descent<double, serial>({.rate = 0.05, .momentum = 0.5}), 300) < 1e-8);
  using fading = optim::rmsprop<double, serial, optim::linear<double>>;
  REQUIRE(distance_to_optimum(fading({.rate = 0.05}), 1000) < 1e-2);
}

TEST_CASE("descent refuses wrong hyper-parameters", "[optim]") {
  using plain = optim::descent<double, serial>;
  using squares = optim::rmsprop<double, serial>;
  REQUIRE_THROWS_WITH(plain({.rate = -1}), "descent: expected a rate >= 0, got -1.000000");
  REQUIRE_THROWS_WITH(plain({.momentum = 1}), "descent: expected a momentum in [0, 1), got 1.000000");
  REQUIRE_THROWS_WITH(squares({.beta = 1}), "rmsprop: expected a beta in [0, 1), got 1.000000");
  REQUIRE_THROWS_WITH(squares({.epsilon = -1}), "rmsprop: expected an epsilon >= 0, got -1.000000");
}
