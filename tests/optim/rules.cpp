// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Update rules against the golden values and against the properties that define them.
#include <algorithm>

#include "diffam/check/gradient.hpp"
#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/optim/per_block.hpp"
#include "diffam/optim/vector_adam.hpp"
#include "support/allocation.hpp"
#include "support/golden.hpp"
#include "support/optimizer_run.hpp"
#include "support/tolerance.hpp"

using namespace diffam;

namespace {

/// Takes the 5 golden steps. Returns the values after each step in one list.
template <class T, class Rule>
std::vector<double> golden_steps(const Rule& rule, const test::golden& g) {
  const auto x0 = g.numbers("x0"), grads = g.numbers("grads");
  const auto rows = static_cast<index_t>(x0.size() / 3);
  test::optimizer_run<Rule> run(rule, {rows, 3}, 5);
  std::copy(x0.begin(), x0.end(), run.value().begin());
  std::vector<double> all;
  for (std::size_t t = 0; t < 5; ++t) {
    run.step([&](view<const T>, view<T> gradient) {
      for (index_t i = 0; i < gradient.size(); ++i)
        gradient[i] = static_cast<T>(grads[t * x0.size() + static_cast<std::size_t>(i)]);
    });
    all.insert(all.end(), run.value().begin(), run.value().end());
  }
  return all;
}

template <class T>
double difference(const std::vector<double>& a, const test::golden& g, const char* key) {
  const auto b = g.numbers(key);
  return test::relative_difference(view<const double>{a.data(), static_cast<index_t>(a.size())},
                                   view<const double>{b.data(), static_cast<index_t>(b.size())});
}

template <class T, class Exec>
void compare_with_golden() {
  if (!test::golden::present("optimizers") || !test::golden::present("spine")) return;
  const test::golden g("optimizers"), spine("spine");
  using optim::adam;
  using optim::constant;
  using optim::vector_adam;
  const double tolerance = test::tolerance<T>::golden;
  CHECK(difference<T>(golden_steps<T>(adam<T, Exec>({.rate = 0.01}), g), g, "adam") < tolerance);
  CHECK(difference<T>(golden_steps<T>(vector_adam<T, Exec>({.rate = 0.01}), g), g, "vector_adam") <
        tolerance);

  // Equation (1): alpha is 1, 0.85, 0.7, 0.55, 0.4 in the 5 steps. 3 vertebrae have the same eigenvalues.
  const auto lambda = spine.numbers("lam");
  buffer<T> base(3 * 20), log_ratio(3 * 20);
  for (index_t i = 0; i < 60; ++i) {
    const auto k = static_cast<std::size_t>(i % 20);
    base.data()[i] = k == 0 ? T(0) : T(1);
    log_ratio.data()[i] = k == 0 ? T(0) : static_cast<T>(std::log(lambda[k] / lambda[1]));
  }
  const optim::row_steps<T> steps{base.get(), log_ratio.get()};
  const vector_adam<T, Exec, constant<T>, optim::row_steps<T>> rule({.rate = 0.01}, steps);
  CHECK(difference<T>(golden_steps<T>(rule, g), g, "vector_adam_eq1") < tolerance);
}

/// Gradient descent, as in the comment at the top of optim/rule.hpp.
template <class T>
struct descent_kernel {
  view<T> x;
  view<const T> g;
  T rate;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const { x[i] -= rate * g[i]; }
};
template <real T, exec::policy Exec>
struct descent {
  using scalar = T;
  using exec = Exec;
  struct state {};
  state plan(arena&, extent) const { return {}; }
  void step(const Exec& e, parameter_block<T> p, state&, const clock_state*) const {
    e.for_each_index(p.value.size(), descent_kernel<T>{p.value, p.gradient, rate});
  }
  T rate = T(0.1);
};
static_assert(optim::rule<descent<float, exec::serial>>);
static_assert(optim::rule<optim::adam<float, exec::threads, optim::cosine<float>>>);
static_assert(optim::optimizer<optim::per_block<descent<float, exec::serial>>>);
static_assert(!optim::rule<int>);

}  // namespace

TEST_CASE("rules agree with the golden values", "[optim][golden]") {
  SECTION("double") {
    compare_with_golden<double, exec::serial>();
  }
  SECTION("double, threads") {
    compare_with_golden<double, exec::threads>();
  }
  SECTION("float") {
    compare_with_golden<float, exec::serial>();
  }
}

TEST_CASE("the first step of Adam has the length of the rate for any gradient", "[optim]") {
  // t = 1: m / (1 - b1) = g, v / (1 - b2) = g^2: the step is rate g / |g|; vector-wise, for the whole row.
  const auto gradient = [](view<const double>, view<double> g) { g[0] = 3e-3, g[1] = -400, g[2] = 0; };
  test::optimizer_run plain(optim::adam<double, exec::serial>({.rate = 0.5, .epsilon = 0}), {1, 2}, 1);
  plain.step([](view<const double>, view<double> g) { g[0] = 3e-3, g[1] = -400; });
  CHECK(plain.value()[0] == Approx(-0.5).epsilon(test::tolerance<double>::formula));
  CHECK(plain.value()[1] == Approx(0.5).epsilon(test::tolerance<double>::formula));
  test::optimizer_run rowwise(optim::vector_adam<double, exec::serial>({.rate = 0.5}), {1, 3}, 1);
  rowwise.step(gradient);
  CHECK(norm(load3(rowwise.value(), 0)) == Approx(0.5).epsilon(1e-9));
  CHECK(rowwise.value()[1] > 0.49);
}

TEST_CASE("steps of vector-wise Adam rotate with the coordinates, steps of Adam do not", "[optim]") {
  const double c = 0.6, s = 0.8;  // a rotation about z
  const auto turned_by = [&](auto rule) {
    double largest = 0;
    test::optimizer_run a(rule, {4, 3}, 6), b(rule, {4, 3}, 6);
    for (std::uint64_t t = 0; t < 6; ++t) {
      const auto g = check::detail::random_vector(12, 1, t);
      a.step([&](view<const double>, view<double> to) { std::copy(g.begin(), g.end(), to.begin()); });
      b.step([&](view<const double>, view<double> to) {
        for (index_t i = 0; i < 4; ++i) {
          const double* v = g.data() + 3 * i;
          store3(to, i, vec3<double>{c * v[0] - s * v[1], s * v[0] + c * v[1], v[2]});
        }
      });
    }
    for (index_t i = 0; i < 4; ++i) {
      const auto v = load3(a.value(), i), w = load3(b.value(), i);
      largest = std::max(largest, norm(vec3<double>{c * v[0] - s * v[1], s * v[0] + c * v[1], v[2]} - w));
    }
    return largest;
  };
  CHECK(turned_by(optim::vector_adam<double, exec::serial>({.rate = 0.1})) < 1e-12);
  CHECK(turned_by(optim::adam<double, exec::serial>({.rate = 0.1})) > 1e-3);
}

TEST_CASE("the rate follows its schedule and the clock", "[optim]") {
  // Steps of length rate schedule(progress) under a constant gradient: 1, 3/4, 1/2, 1/4, 0.
  test::optimizer_run run(optim::adam<double, exec::serial, optim::linear<double>>({.rate = 1, .epsilon = 0}),
                          {1, 1}, 5);
  double before = 0;
  for (double expected : {1.0, 0.75, 0.5, 0.25, 0.0}) {
    run.step([](view<const double>, view<double> g) { g[0] = 2; });
    CHECK(before - run.value()[0] == Approx(expected).margin(1e-12));
    before = run.value()[0];
  }
}

TEST_CASE("a step allocates nothing", "[optim]") {
  test::optimizer_run run(optim::vector_adam<float, exec::threads>(), {1000, 3}, 2);
  run.step([](view<const float>, view<float> g) { std::fill_n(g.data, g.size(), 1.0f); });
  const auto before = test::allocation_count();
  run.step([](view<const float>, view<float>) {});
  REQUIRE(test::allocation_count() == before);
}

TEST_CASE("per_block gives each block its rule, and further blocks the last rule", "[optim]") {
  using E = exec::serial;
  const optim::per_block rules(descent<double, E>{0.5}, descent<double, E>{0.25},
                               optim::adam<double, E>({.rate = 0.125, .epsilon = 0}));
  const std::vector<extent> extents(5, extent{1, 1});
  buffer<double> value(5), gradient(5);
  std::fill_n(gradient.data(), 5, 4.0);
  std::vector<parameter_block<double>> blocks;
  for (index_t k = 0; k < 5; ++k)
    blocks.push_back({value.get().rows_from(k, 1), gradient.get().rows_from(k, 1)});
  arena measuring;
  (void)rules.plan(measuring, extents);
  buffer<std::byte> memory(measuring.used());
  arena hands(memory.data(), measuring.used());
  auto state = rules.plan(hands, extents);
  REQUIRE(hands.used() == measuring.used());
  const iteration_clock<E> clock(3);
  rules.step({}, blocks, state, clock.state());
  CHECK(std::vector<double>(value.data(), value.data() + 5) ==
        std::vector<double>{-2, -1, value.data()[2], value.data()[2], value.data()[2]});
  CHECK(value.data()[2] == Approx(-0.125).epsilon(test::tolerance<double>::formula));
  arena a;
  REQUIRE_THROWS_AS(rules.plan(a, std::vector<extent>(2)), error);
  REQUIRE(optim::for_all_blocks(rules).rule_count == 3);
  REQUIRE(optim::for_all_blocks(descent<double, E>{}).rule_count == 1);
}

TEST_CASE("rules refuse hyper-parameters out of range and steps of another extent", "[optim]") {
  using E = exec::serial;
  REQUIRE_THROWS_AS((optim::adam<float, E>({.rate = -1})), error);
  REQUIRE_THROWS_AS((optim::adam<float, E>({.beta1 = 1})), error);
  REQUIRE_THROWS_AS((optim::vector_adam<float, E>({.beta2 = -0.1})), error);
  REQUIRE_THROWS_AS((optim::vector_adam<float, E>({.epsilon = -1})), error);
  buffer<float> rows(3);
  const optim::row_steps<float> steps{rows.get(), rows.get()};
  const optim::vector_adam<float, E, optim::constant<float>, optim::row_steps<float>> rule({}, steps);
  arena a;
  REQUIRE_THROWS_AS(rule.plan(a, {4, 3}), error);
  REQUIRE_NOTHROW(rule.plan(a, {3, 3}));
}
