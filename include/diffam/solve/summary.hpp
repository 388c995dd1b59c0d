// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The result of a minimization. Failure to converge is a value here, never an exception.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace diffam {

/// Why a run ended.
enum class stop_reason {
  iterations_done,        // all planned iterations are done
  stopped_by_hook,        // a hook returned false
  not_finite,             // the loss is infinite or NaN: do not use the parameters
  parameters_not_finite,  // a parameter is infinite or NaN after a step, with a finite loss before it
  loss_settled,           // the loss changes by less than `stop_tests::relative_change`
  gradient_small,         // the norm of the gradient is at most `stop_tests::gradient_norm`
  no_lower_point          // a line search finds no lower loss along the gradient
};

/// A stop reason in words.
inline std::string to_string(stop_reason r) {
  switch (r) {
    case stop_reason::iterations_done:
      return "iterations done";
    case stop_reason::stopped_by_hook:
      return "stopped by a hook";
    case stop_reason::not_finite:
      return "loss not finite";
    case stop_reason::parameters_not_finite:
      return "parameters not finite";
    case stop_reason::loss_settled:
      return "loss settled";
    case stop_reason::gradient_small:
      return "gradient small";
    case stop_reason::no_lower_point:
      return "no lower point";
  }
  return "unknown";
}

/// Course and end of a run.
struct summary {
  std::uint64_t iterations = 0;  // done in all, including those before a resume
  double initial_loss = NAN;     // at the first read of this call
  double final_loss = NAN;       // at the last read, before that iteration's step
  stop_reason reason = stop_reason::iterations_done;
  double seconds = 0;
  std::vector<double> history;  // loss at each read of this call
};

}  // namespace diffam
