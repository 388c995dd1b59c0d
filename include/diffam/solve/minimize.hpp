// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A minimization in one call.
//
//     auto summary = diffam::minimize(model, rule, exec, {.iterations = 500}, hooks...);
//
// The run ends early where a test of convergence says so: {.converged = {.relative_change = 1e-6}}.
// A hook is a callable with a `const progress&` argument. If it returns bool, false stops the run.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <concepts>

#include "diffam/solve/solver.hpp"
#include "diffam/solve/summary.hpp"

namespace diffam {

/// Tests of convergence, at each read of the loss. 0 switches a test off.
struct stop_tests {
  double relative_change = 0;  // |f - f'| <= relative_change max(|f|, |f'|), f' the loss of the read before
  double gradient_norm = 0;    // |g| <= gradient_norm, over all unknowns (Euclidean)
};

/// Length of a run, how often the loss is read, and when it ends early.
struct minimize_options {
  std::uint64_t iterations = 500;
  std::uint64_t read_loss_every = 1;  // iterations between two reads of the loss; a read synchronises
  stop_tests converged{};
};

/// State of a run, as a hook sees it.
struct progress {
  std::uint64_t iteration;  // iterations done
  std::uint64_t total;
  double loss;     // at the last iteration, before its step
  double seconds;  // since the start of the call
};

/// A hook that stops the run if `patience` reads in a row do not improve the best loss by the fraction
/// `relative`.
class early_stop {
 public:
  explicit early_stop(int patience, double relative = 1e-4) : patience_(patience), relative_(relative) {}

  bool operator()(const progress& p) {
    if (!std::isfinite(best_) || p.loss < best_ - relative_ * std::abs(best_)) {
      best_ = p.loss;
      waited_ = 0;
    } else {
      ++waited_;
    }
    return waited_ < patience_;
  }

 private:
  int patience_;
  double relative_;
  double best_ = HUGE_VAL;  // none yet
  int waited_ = 0;
};

namespace detail {
/// Calls a hook. Returns false if it stops the run.
template <class Hook>
bool call_hook(Hook& hook, const progress& p) {
  if constexpr (std::same_as<std::invoke_result_t<Hook&, const progress&>, bool>) {
    return hook(p);
  } else {
    hook(p);
    return true;
  }
}

/// The reason to stop at a point, or `iterations_done` for none. `before` is the loss of the read before, or
/// NaN.
inline stop_reason reason_to_stop(const optim::reached_point& p, double before, const stop_tests& tests) {
  if (!std::isfinite(p.loss)) return stop_reason::not_finite;
  if (tests.gradient_norm > 0 && p.gradient_norm <= tests.gradient_norm) return stop_reason::gradient_small;
  if (p.stalled) return stop_reason::no_lower_point;
  if (!p.settled) return stop_reason::iterations_done;
  const double allowed = tests.relative_change * std::max(std::abs(p.loss), std::abs(before));
  if (tests.relative_change > 0 && std::abs(p.loss - before) <= allowed) return stop_reason::loss_settled;
  return stop_reason::iterations_done;
}
}  // namespace detail

/// Runs a solver to the end of its clock, or until a hook or a test stops it or the loss or a parameter is
/// not finite. Throws `error` if `read_loss_every` is 0.
template <class Model, class Rule, class... Hooks>
requires(std::invocable<Hooks&, const progress&>&&...) summary
    run(solver<Model, Rule>& s, std::uint64_t read_loss_every, const stop_tests& tests, Hooks&&... hooks) {
  require(read_loss_every > 0, "minimize: expected read_loss_every > 0, got 0");
  const auto start = std::chrono::steady_clock::now();
  const clock_state until = s.clock();
  summary out;
  if (until.iteration < until.total)  // so that iterations do not allocate (up to 2^20 reads)
    out.history.reserve(std::min<std::uint64_t>((until.total - until.iteration) / read_loss_every + 2,
                                                std::uint64_t{1} << 20));
  std::uint64_t made = until.iteration;
  double before = NAN;  // loss at the last read that was no trial of a line search
  while (made < until.total) {
    s.step();
    ++made;
    if (made % read_loss_every != 0 && made != until.total) continue;
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    const optim::reached_point point = s.reached(tests.gradient_norm > 0);
    const progress p{made, until.total, point.loss, elapsed.count()};
    if (out.history.empty()) out.initial_loss = p.loss;
    out.history.push_back(p.loss);
    out.final_loss = p.loss;
    out.reason = detail::reason_to_stop(point, before, tests);
    if (out.reason != stop_reason::not_finite && !s.parameters_finite())
      out.reason = stop_reason::parameters_not_finite;
    if (point.settled) before = p.loss;
    const bool no_reason = out.reason == stop_reason::iterations_done;
    bool go_on = no_reason;
    ((go_on = detail::call_hook(hooks, p) && go_on), ...);
    if (!go_on && no_reason && made != until.total) out.reason = stop_reason::stopped_by_hook;
    if (!go_on) break;
  }
  s.finish();
  out.iterations = made;
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return out;
}

/// The same without tests of convergence.
template <class Model, class Rule, class... Hooks>
requires(std::invocable<Hooks&, const progress&>&&...) summary
    run(solver<Model, Rule>& s, std::uint64_t read_loss_every, Hooks&&... hooks) {
  return run(s, read_loss_every, stop_tests{}, hooks...);
}

/// Minimizes `model` (a source component whose output is one loss) over all its parameters. Parts of the
/// model may read the same clock, for samples that are drawn anew or for a blur that fades. The run begins
/// and ends as the clock says. `more` are tests of convergence (`stop_tests`), if any, and then hooks.
template <component Model, optim::optimizer Rule, class... More>
summary minimize(Model& model, const Rule& rule, const typename Model::exec& e,
                 iteration_clock<typename Model::exec>& clock, std::uint64_t read_loss_every,
                 More&&... more) {
  solver<Model, Rule> s(model, rule, e, clock);
  return run(s, read_loss_every, more...);
}

/// The same with a clock of its own, for models that do not read a clock. If a part of the model reads a
/// clock, use the form above: here its clock would not advance. Throws `error` in set-up only. Failure to
/// converge is a value in the summary.
template <component Model, optim::optimizer Rule, class... Hooks>
summary minimize(Model& model, const Rule& rule, const typename Model::exec& e, minimize_options options,
                 Hooks&&... hooks) {
  iteration_clock<typename Model::exec> clock(options.iterations);
  return minimize(model, rule, e, clock, options.read_loss_every, options.converged, hooks...);
}

}  // namespace diffam
