// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Replays a solver's iteration on a GPU: the iteration is recorded once as a CUDA graph. Each further
// iteration is then one driver call instead of one per kernel.
//
//     replayed<solver<model, rule>> fast(s, e);
//     while (!s.done()) fast.step();
#pragma once

#include <optional>

#include "diffam/exec/graph.cuh"
#include "diffam/solve/solver.hpp"

namespace diffam {

/// Runs the steps of a solver by replay.
template <class Solver>  // `solver`, or a type with its `step`, `launch`, `count` and `iteration`
class replayed {
 public:
  /// Keeps a reference to the solver, which must outlive this object. `e` is the solver's policy and must not
  /// use the default stream.
  replayed(Solver& s, const exec::cuda& e) : solver_(s), exec_(e) {}

  /// One step. The first iteration and any work before it run directly, because a recording does not allow
  /// the loading of kernels. The second iteration is recorded. Throws `error` if it cannot be recorded or
  /// launched.
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
