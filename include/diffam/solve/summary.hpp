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
  iterations_done,       // all planned iterations are done
  stopped_by_hook,       // a hook returned false
  not_finite,            // the loss is infinite or NaN: do not use the parameters
  parameters_not_finite  // a parameter is infinite or NaN after a step, with a finite loss before it
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
