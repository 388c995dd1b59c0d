// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A solver on a GPU whose iteration is recorded once and replayed: one call to the driver an iteration
// instead of one a kernel.
//
//     replayed<solver<model, rule>> fast(s, e);
//     while (!s.done()) fast.step();
#pragma once

#include <optional>

#include "diffam/exec/graph.cuh"
#include "diffam/solve/solver.hpp"

namespace diffam {

template <class Solver>  // `solver`, or a type with its `step`, `launch`, `count` and `iteration`
class replayed {
 public:
  /// Keeps a reference to the solver, which outlives it; `e` is the solver's own policy, on a stream of its
  /// own.
  replayed(Solver& s, const exec::cuda& e) : solver_(s), exec_(e) {}

  /// One step. The first iteration runs directly (kernels are loaded then, which a recording does not allow),
  /// and so does what a solver does before its first; the next is recorded. Throws `error` where it cannot be
  /// recorded or launched.
  void step() {
    if (!warm_) {
      const std::uint64_t before = solver_.iteration();
      solver_.step();
      warm_ = solver_.iteration() != before;
      return;
    }
    if (!iteration_) iteration_.emplace(exec_, [&] { solver_.launch(); });
    iteration_->launch();
    solver_.count();
  }

 private:
  Solver& solver_;
  exec::cuda exec_;
  std::optional<exec::graph> iteration_;
  bool warm_ = false;
};

}  // namespace diffam
