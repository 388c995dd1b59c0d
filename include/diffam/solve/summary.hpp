// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What a minimization tells about itself: values, never exceptions.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace diffam {

enum class stop_reason {
  iterations_done,  // the planned number of iterations was made
  stopped_by_hook,  // a hook returned false
  not_finite        // the loss stopped being a number: the last parameters are not to be trusted
};

inline std::string to_string(stop_reason r) {
  switch (r) {
    case stop_reason::iterations_done:
      return "iterations done";
    case stop_reason::stopped_by_hook:
      return "stopped by a hook";
    case stop_reason::not_finite:
      return "loss not finite";
  }
  return "unknown";
}

struct summary {
  std::uint64_t iterations = 0;  // made in all, those before a resume included
  double initial_loss = NAN;     // at the first look of this call
  double final_loss = NAN;       // at the last one, before that iteration's step
  stop_reason reason = stop_reason::iterations_done;
  double seconds = 0;
  std::vector<double> history;  // loss at each look of this call
};

}  // namespace diffam
