// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The solver on a problem with a known optimum: the sum of (x - target)^2 has its only minimum at the target.
#include "diffam/solve/minimize.hpp"

#include <cstring>

#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/loss/image.hpp"
#include "diffam/optim/adam.hpp"
#include "diffam/optim/lbfgs.hpp"
#include "support/allocation.hpp"
#include "support/catch.hpp"

using namespace diffam;

namespace {

/// A source component: the sum of squared differences between its parameters and a target.
template <real T, exec::policy Exec>
class squared_distance {
 public:
  using scalar = T;
  using exec = Exec;
  struct workspace {
    view<T> scratch;
  };

  explicit squared_distance(std::vector<T> target, index_t cols = 1)
      : target_(static_cast<index_t>(target.size())),
        value_(target_.size() / cols, cols),
        gradient_(target_.size() / cols, cols) {
    target_.upload(target.data());
  }
  extent output_extent(extent in) const {
    require_extent("squared_distance", "input", {0, 0}, in);
    return {1, 1};
  }
  workspace plan(arena& a, extent) const { return {a.take<T>(Exec::reduce_scratch(target_.size()))}; }
  parameter_block<T> parameters() { return {value_.get(), gradient_.get()}; }

  void forward(const Exec& e, view<const T>, view<T> y, workspace& w) const {
    e.reduce(target_.size(), term{value_.get(), target_.get()}, y.data, w.scratch);
  }
  void backward(const Exec& e, view<const T>, view<const T> d_y, view<T>, workspace&) const {
    e.for_each_index(target_.size(), pullback{value_.get(), target_.get(), d_y, gradient_view()});
  }

 private:
  struct term {
    view<const T> x, t;
    T operator()(index_t i) const { return (x[i] - t[i]) * (x[i] - t[i]); }
  };
  struct pullback {
    view<const T> x, t, d_y;
    view<T> d_x;
    void operator()(index_t i) const { d_x[i] += 2 * d_y[0] * (x[i] - t[i]); }
  };
  view<T> gradient_view() const { return const_cast<buffer<T>&>(gradient_).get(); }

  buffer<T> target_, value_, gradient_;
};

std::vector<double> target() {
  std::vector<double> t(1000);
  for (std::size_t i = 0; i < t.size(); ++i) t[i] = 0.001 * static_cast<double>(i) - 0.3;
  return t;
}

using model_type = squared_distance<double, exec::threads>;
using rule_type = optim::adam<double, exec::threads, optim::cosine<double>>;

rule_type rule() {
  return rule_type({.rate = 0.02, .schedule = {1, 1e-3}});
}

}  // namespace

TEST_CASE("minimize finds a known optimum", "[solve]") {
  model_type model(target());
  const auto s = minimize(model, rule(), exec::threads(2), {.iterations = 600});
  REQUIRE(s.reason == stop_reason::iterations_done);
  REQUIRE(s.iterations == 600);
  REQUIRE(s.history.size() == 600);
  REQUIRE(s.final_loss < 1e-6 * s.initial_loss);
  for (index_t i = 0; i < 1000; ++i)
    REQUIRE(model.parameters().value[i] == Approx(target()[static_cast<std::size_t>(i)]).margin(1e-3));
}

TEST_CASE("a run begins and ends as a given clock says", "[solve]") {
  model_type model(target());
  iteration_clock<exec::threads> clock(50, 20);
  const auto s = minimize(model, rule(), exec::threads(1), clock, 10);
  REQUIRE(s.iterations == 50);
  REQUIRE(s.history.size() == 3);
  REQUIRE(clock.get().iteration == 50);
}

TEST_CASE("hooks see every read of the loss and can stop the run", "[solve]") {
  model_type model(target());
  int seen = 0;
  const auto count = [&](const progress&) { ++seen; };
  const auto stop = [](const progress& p) { return p.iteration < 30; };
  const auto s =
      minimize(model, rule(), exec::threads(1), {.iterations = 100, .read_loss_every = 10}, count, stop);
  REQUIRE(s.reason == stop_reason::stopped_by_hook);
  REQUIRE(s.iterations == 30);
  REQUIRE(seen == 3);
}

TEST_CASE("early_stop ends a run that has converged", "[solve]") {
  model_type model(target());
  const auto s = minimize(model, optim::adam<double, exec::threads>({.rate = 0.02}), exec::threads(1),
                          {.iterations = 100000}, early_stop(200, 1e-3));
  REQUIRE(s.reason == stop_reason::stopped_by_hook);
  REQUIRE(s.iterations < 10000);
}

TEST_CASE("early_stop goes on while the loss improves enough", "[solve]") {
  early_stop stop(2, 0.1);
  const auto goes_on = [&](double loss) { return stop(progress{0, 0, loss, 0}); };
  REQUIRE(goes_on(4));
  REQUIRE(goes_on(3));    // improved by more than a tenth: patience starts again
  REQUIRE(goes_on(2.8));  // improved by less
  REQUIRE(goes_on(2));
  REQUIRE(goes_on(2));
  REQUIRE_FALSE(goes_on(2));
}

TEST_CASE("minimize says what a model without unknowns lacks", "[solve]") {
  const std::vector<float> wanted(4, 1.0f);
  image_loss<float, exec::threads> loss({{wanted.data(), 4}});
  const optim::adam rule({.rate = 0.1});
  static_assert(std::is_same_v<decltype(rule), const optim::adam<float, exec::threads>>);
  const optim::lbfgs search({.memory = 3});
  static_assert(std::is_same_v<decltype(search), const optim::lbfgs<float, exec::threads>>);
  REQUIRE_THROWS_WITH(
      minimize(loss, rule, exec::threads(1), {.iterations = 3}),
      "solver: expected a model that begins with its unknowns (coefficients, spectral_shape) and "
      "has no other input; its first part says: image_loss: expected intensities of 4 x 1, got 0 "
      "x 0");
}

TEST_CASE("a loss that is NaN stops the run without an exception", "[solve]") {
  auto bad = target();
  bad[5] = NAN;
  model_type model(bad);
  const auto s = minimize(model, rule(), exec::threads(1), {.iterations = 10});
  REQUIRE(s.reason == stop_reason::not_finite);
  REQUIRE(s.iterations == 1);
}

namespace {

/// A loss that is finite whatever its two parameters are; the gradient of one becomes NaN.
struct blind_model {
  using scalar = float;
  using exec = diffam::exec::serial;
  struct workspace {};
  buffer<float> value{2};
  mutable buffer<float> gradient{2};

  extent output_extent(extent) const { return {1, 1}; }
  workspace plan(arena&, extent) const { return {}; }
  parameter_block<float> parameters() { return {value.get(), gradient.get()}; }
  void forward(const exec&, view<const float>, view<float> y, workspace&) const { y[0] = 1; }
  void backward(const exec&, view<const float>, view<const float>, view<float>, workspace&) const {
    gradient.data()[1] += calls++ < 3 ? 1.0f : NAN;
  }
  mutable int calls = 0;
};

}  // namespace

TEST_CASE("a parameter that is NaN stops the run, with its own reason", "[solve]") {
  blind_model model;
  const optim::adam<float, exec::serial> rule({.rate = 0.1});
  const auto s = minimize(model, rule, exec::serial{}, {.iterations = 10});
  REQUIRE(s.reason == stop_reason::parameters_not_finite);
  REQUIRE(s.iterations == 4);
  REQUIRE(to_string(s.reason) == "parameters not finite");
}

TEST_CASE("a saved run continues with the same bits", "[solve]") {
  const exec::threads e(2);
  const auto straight = [&] {
    model_type model(target());
    iteration_clock<exec::threads> clock(40);
    solver<model_type, rule_type> s(model, rule(), e, clock);
    while (!s.done()) s.step();
    return s.save();
  }();
  std::vector<std::byte> half;
  {
    model_type model(target());
    iteration_clock<exec::threads> clock(40);
    solver<model_type, rule_type> s(model, rule(), e, clock);
    for (int i = 0; i < 17; ++i) s.step();
    half = s.save();
  }
  model_type model(target());
  iteration_clock<exec::threads> clock(40);
  solver<model_type, rule_type> s(model, rule(), e, clock);
  s.restore(half);
  REQUIRE(s.iteration() == 17);
  while (!s.done()) s.step();
  REQUIRE(s.save() == straight);
  half.pop_back();
  REQUIRE_THROWS_AS(s.restore(half), error);
}

TEST_CASE("a solver refuses the state of another model, or an impossible clock, and keeps its own",
          "[solve]") {
  const exec::threads e(1);
  model_type model(target()), other(target(), 2);  // 1000 x 1 and 500 x 2: the states have the same size
  iteration_clock<exec::threads> clock(40), clock_of_other(40);
  solver<model_type, rule_type> s(model, rule(), e, clock), of_other(other, rule(), e, clock_of_other);
  for (int i = 0; i < 3; ++i) s.step();
  const auto kept = s.save();
  const auto foreign = of_other.save();
  REQUIRE(foreign.size() == kept.size());
  REQUIRE_THROWS_WITH(s.restore(foreign),
                      "solver: expected saved parameters with the shapes of this model, got other shapes");
  auto late = kept;
  const clock_state impossible{41, 40};
  std::memcpy(late.data(), &impossible, sizeof impossible);
  REQUIRE_THROWS_WITH(s.restore(late),
                      "solver: expected a saved clock of at most 40 iterations, got iteration 41");
  REQUIRE(s.save() == kept);
}

TEST_CASE("an iteration allocates nothing", "[solve]") {
  const exec::threads e(2);
  model_type model(target());
  iteration_clock<exec::threads> clock(40);
  solver<model_type, rule_type> s(model, rule(), e, clock);
  const auto before = test::allocation_count();
  for (int i = 0; i < 10; ++i) s.step();
  const auto after = test::allocation_count();
  REQUIRE(after == before);
}
