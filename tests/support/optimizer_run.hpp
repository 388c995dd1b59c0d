// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// One parameter block, a rule and a clock: what a test of an update rule needs.
#pragma once

#include "diffam/optim/rule.hpp"

namespace diffam::test {

template <optim::rule Rule>
class optimizer_run {
 public:
  using scalar = typename Rule::scalar;
  using exec = typename Rule::exec;

  /// Starts at 0; `iterations` is the length of the run that schedules see.
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

  /// `gradient(value, gradient)` fills the gradient; the rule steps; the clock advances.
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
