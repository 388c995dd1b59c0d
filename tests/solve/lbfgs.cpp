// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// L-BFGS on problems with a known optimum, and the tests of convergence.
#include "diffam/optim/lbfgs.hpp"

#include <cmath>

#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/optim/adam.hpp"
#include "diffam/optim/descent.hpp"
#include "diffam/solve/minimize.hpp"
#include "support/allocation.hpp"
#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/tolerance.hpp"

using namespace diffam;

namespace {

/// The chained Rosenbrock function, sum over i of 100 (x_(i+1) - x_i^2)^2 + (1 - x_i)^2: least at ones.
struct rosenbrock {
  template <class T>
  static T value(const view<const T>& x, index_t i) {
    const T a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
    return 100 * a * a + b * b;
  }
  template <class T>
  static T derivative(const view<const T>& x, index_t i) {
    T d = 0;
    if (i + 1 < x.rows) d += -400 * x[i] * (x[i + 1] - x[i] * x[i]) - 2 * (1 - x[i]);
    if (i > 0) d += 200 * (x[i] - x[i - 1] * x[i - 1]);
    return d;
  }
  static index_t terms(index_t n) { return n - 1; }
};

/// sum_i 10^(i mod 6) (x_i - 2)^2 / 2: condition 10^5, least at 2.
struct steep_bowl {
  template <class T>
  static T factor(index_t i) {
    return static_cast<T>(std::pow(10.0, static_cast<double>(i % 6)));
  }
  template <class T>
  static T value(const view<const T>& x, index_t i) {
    return factor<T>(i) * (x[i] - 2) * (x[i] - 2) / 2;
  }
  template <class T>
  static T derivative(const view<const T>& x, index_t i) {
    return factor<T>(i) * (x[i] - 2);
  }
  static index_t terms(index_t n) { return n; }
};

/// |x_i - i|: no derivative at the optimum.
struct kinks {
  template <class T>
  static T value(const view<const T>& x, index_t i) {
    return std::abs(x[i] - static_cast<T>(i));
  }
  template <class T>
  static T derivative(const view<const T>& x, index_t i) {
    const T r = x[i] - static_cast<T>(i);
    return r > 0 ? T(1) : r < 0 ? T(-1) : T(0);
  }
  static index_t terms(index_t n) { return n; }
};

/// A function of n unknowns as a source with two blocks, of which the first has one element.
template <real T, exec::policy Exec, class Function>
class problem {
 public:
  using scalar = T;
  using exec = Exec;
  struct workspace {
    view<T> scratch;
  };
  explicit problem(index_t n, T start = 0) : value_(n), gradient_(n) {
    const std::vector<T> x(static_cast<std::size_t>(n), start);
    value_.upload(x.data());
  }
  extent output_extent(extent) const { return {1, 1}; }
  workspace plan(arena& a, extent) const { return {a.take<T>(Exec::reduce_scratch(value_.size()))}; }
  template <class F>
  void visit_parameters(F&& f) {
    f(parameter_block<T>{value_.get().rows_from(0, 1), gradient_.get().rows_from(0, 1)});
    const index_t rest = value_.size() - 1;
    f(parameter_block<T>{value_.get().rows_from(1, rest), gradient_.get().rows_from(1, rest)});
  }
  void forward(const Exec& e, view<const T>, view<T> y, workspace& w) const {
    e.reduce(Function::terms(value_.size()), term{value_.get()}, y.data, w.scratch);
  }
  void backward(const Exec& e, view<const T>, view<const T> d_y, view<T>, workspace&) const {
    e.for_each_index(value_.size(), pullback{value_.get(), d_y, gradient_.get()});
  }
  std::vector<T> unknowns() const {
    std::vector<T> x(static_cast<std::size_t>(value_.size()));
    value_.download(x.data());
    return x;
  }

 private:
  struct term {
    view<const T> x;
    T operator()(index_t i) const { return Function::value(x, i); }
  };
  struct pullback {
    view<const T> x, d_y;
    view<T> d_x;
    void operator()(index_t i) const { d_x[i] += d_y[0] * Function::derivative(x, i); }
  };
  buffer<T, typename Exec::memory> value_;
  mutable buffer<T, typename Exec::memory> gradient_;
};

template <class Exec, class Function>
summary run_lbfgs(problem<double, Exec, Function>& p, const Exec& e, minimize_options o,
                  optim::lbfgs_params r = {}) {
  return minimize(p, optim::lbfgs<double, Exec>(r), e, o);
}

double largest_distance(const std::vector<double>& x, double optimum) {
  double most = 0;
  for (double v : x) most = std::max(most, std::abs(v - optimum));
  return most;
}

}  // namespace

static_assert(optim::vector_rule<optim::lbfgs<float, exec::threads>>);
static_assert(!optim::rule<optim::lbfgs<float, exec::threads>>);

TEST_CASE("L-BFGS finds known optima in few evaluations", "[solve]") {
  SECTION("Rosenbrock's valley in 20 dimensions") {
    problem<double, exec::serial, rosenbrock> p(20, -1);
    const auto s = run_lbfgs(p, {}, {.iterations = 400, .converged = {.gradient_norm = 1e-9}});
    REQUIRE(s.reason == stop_reason::gradient_small);
    REQUIRE(s.iterations < 300);
    REQUIRE(largest_distance(p.unknowns(), 1) < 1e-9);
  }
  SECTION("a bowl of condition 1e5") {
    problem<double, exec::serial, steep_bowl> p(600);
    const auto s = run_lbfgs(p, {}, {.iterations = 200, .converged = {.gradient_norm = 1e-8}});
    REQUIRE(s.reason == stop_reason::gradient_small);
    REQUIRE(largest_distance(p.unknowns(), 2) < 1e-8);
  }
  SECTION("kinks: the loss falls, and the end is one that the line search tells") {
    problem<double, exec::serial, kinks> p(4, 0.3);
    const auto s = run_lbfgs(p, {}, {.iterations = 2000});
    REQUIRE(s.final_loss < 1e-6 * s.initial_loss);
  }
}

TEST_CASE("the losses of L-BFGS never rise, and the unknowns at the end are those of the final loss",
          "[solve]") {
  for (std::uint64_t iterations = 1; iterations < 60; ++iterations) {
    problem<double, exec::serial, rosenbrock> p(6, -1);
    const auto s = run_lbfgs(p, {}, {.iterations = iterations});
    for (std::size_t k = 1; k < s.history.size(); ++k) REQUIRE(s.history[k] <= s.history[k - 1]);
    const std::vector<double> x = p.unknowns();
    double loss = 0;
    const view<const double> at{x.data(), 6};
    for (index_t i = 0; i < 5; ++i) loss += rosenbrock::value(at, i);
    REQUIRE(s.final_loss == Approx(loss).epsilon(test::tolerance<double>::formula));
  }
}

TEST_CASE("L-BFGS gives the same bits on every policy, any number of threads, and after a resume",
          "[solve]") {
  const minimize_options o{.iterations = 40};
  problem<double, exec::serial, steep_bowl> expected(3000);
  (void)run_lbfgs(expected, {}, o);
  for (int count : {1, 2, 3, 8}) {
    problem<double, exec::threads, steep_bowl> p(3000);
    (void)run_lbfgs(p, exec::threads(count), o);
    REQUIRE(p.unknowns() == expected.unknowns());
  }
  problem<double, test::guarded, steep_bowl> on_device(3000);
  (void)run_lbfgs(on_device, test::guarded{}, o);
  REQUIRE(on_device.unknowns() == expected.unknowns());

  using model = problem<double, exec::serial, steep_bowl>;
  using solver_type = solver<model, optim::lbfgs<double, exec::serial>>;
  model first(3000), second(3000);
  iteration_clock<exec::serial> clock(40), clock_of_second(40);
  solver_type before(first, optim::lbfgs<double, exec::serial>(), {}, clock);
  for (int i = 0; i < 17; ++i) before.step();
  solver_type after(second, optim::lbfgs<double, exec::serial>(), {}, clock_of_second);
  after.restore(before.save());
  (void)run(after, 1);
  REQUIRE(second.unknowns() == expected.unknowns());
}

TEST_CASE("an iteration of L-BFGS allocates nothing", "[solve]") {
  using model = problem<float, exec::threads, rosenbrock>;
  const exec::threads e(2);
  model p(5000);
  iteration_clock<exec::threads> clock(20);
  solver<model, optim::lbfgs<float, exec::threads>> s(p, optim::lbfgs<float, exec::threads>(), e, clock);
  const auto before = test::allocation_count();
  while (!s.done()) s.step();
  REQUIRE(test::allocation_count() == before);
}

TEST_CASE("L-BFGS in float ends by itself where rounding hides every lower point", "[solve]") {
  problem<float, exec::serial, rosenbrock> p(10, -1);
  const auto s = minimize(p, optim::lbfgs<float, exec::serial>(), {}, {.iterations = 5000});
  REQUIRE(s.iterations < 5000);
  REQUIRE(s.reason == stop_reason::no_lower_point);
  REQUIRE(to_string(s.reason) == "no lower point");
  for (float x : p.unknowns()) REQUIRE(std::abs(x - 1) < 1e-2f);
}

TEST_CASE("L-BFGS refuses wrong hyper-parameters", "[solve]") {
  using rule = optim::lbfgs<float, exec::serial>;
  REQUIRE_NOTHROW(rule({}));
  REQUIRE_THROWS_WITH(rule({.memory = 0}), "lbfgs: expected a memory >= 1, got 0");
  REQUIRE_THROWS_AS(rule({.first_step = 0}), error);
  REQUIRE_THROWS_AS(rule({.decrease = 0.95}), error);
  REQUIRE_THROWS_AS(rule({.longest_search = 0}), error);
}

TEST_CASE("tests of convergence end a run of any rule, each with its reason", "[solve]") {
  using E = exec::serial;
  const optim::descent<double, E> rule({.rate = 1e-6});
  problem<double, E, steep_bowl> a(6), b(6), c(6);
  const auto by_change =
      minimize(a, rule, {}, {.iterations = 100000, .converged = {.relative_change = 1e-4}});
  REQUIRE(by_change.reason == stop_reason::loss_settled);
  REQUIRE(to_string(by_change.reason) == "loss settled");
  const auto& h = by_change.history;
  REQUIRE(std::abs(h.back() - h[h.size() - 2]) <= 1e-4 * h[h.size() - 2]);
  REQUIRE(std::abs(h[h.size() - 2] - h[h.size() - 3]) > 1e-4 * h[h.size() - 3]);

  const auto by_norm = minimize(b, rule, {}, {.iterations = 100000, .converged = {.gradient_norm = 1e4}});
  REQUIRE(by_norm.reason == stop_reason::gradient_small);
  REQUIRE(to_string(by_norm.reason) == "gradient small");
  // With f_i the factor of unknown i, its gradient at evaluation k is -2 f_i (1 - 1e-6 f_i)^k.
  const auto norm_at = [](std::uint64_t k) {
    double sum = 0;
    for (index_t i = 0; i < 6; ++i) {
      const auto f = steep_bowl::factor<double>(i);
      sum += std::pow(2 * f * std::pow(1 - 1e-6 * f, static_cast<double>(k)), 2);
    }
    return std::sqrt(sum);
  };
  REQUIRE(norm_at(by_norm.iterations - 1) <= 1e4);
  REQUIRE(norm_at(by_norm.iterations - 2) > 1e4);
  REQUIRE(minimize(c, rule, {}, {.iterations = 50}).reason == stop_reason::iterations_done);
}
