// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Runs an update rule in a test, on one parameter block and a clock.
#pragma once

#include "diffam/optim/rule.hpp"

namespace diffam::test {

/// A rule with its block, state and clock.
template <optim::rule Rule>
class optimizer_run {
 public:
  using scalar = typename Rule::scalar;
  using exec = typename Rule::exec;

  /// The block starts at 0. `iterations` is the length of the run for schedules.
  optimizer_run(Rule rule, extent block, std::uint64_t iterations)
      : rule_(std::move(rule)),
        value_(block.rows, block.cols),
        gradient_(block.rows, block.cols),
        clock_(iterations) {
    arena measuring;
    (void)rule_.plan(measuring, block);
    memory_ = buffer<std::byte>(measuring.used() + 1);
    arena hands(memory_.data(), measuring.used() + 1);
    state_ = rule_.plan(hands, block);
  }

  view<scalar> value() { return value_.get(); }

  /// Calls `gradient(value, gradient)`, which writes the gradient. Then takes a step and advances the clock.
  template <class Gradient>
  void step(Gradient&& gradient) {
    gradient(view<const scalar>(value_.get()), gradient_.get());
    rule_.step(exec_, {value_.get(), gradient_.get()}, state_, clock_.state());
    clock_.advance(exec_);
  }

 private:
  Rule rule_;
  exec exec_{};
  buffer<scalar> value_, gradient_;
  iteration_clock<exec> clock_;
  buffer<std::byte> memory_;
  typename Rule::state state_{};
};

}  // namespace diffam::test
