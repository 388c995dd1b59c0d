// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Options and result of the gradient checker (gradient.hpp).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace diffam::check {

/// Options of a check.
struct params {
  int directions = 4;  // random directions per block
  double step = 0;     // step of the finite difference, relative to the block's root mean square; 0: 1e-4 for
                       // double, 1e-2 for float
  double tolerance = 0;  // largest accepted relative error; 0: 1e-7 for double, 1e-3 for float
  std::uint64_t seed = 1;
};

/// Result for one block.
struct block_report {
  std::string name;     // "input", "parameters 0", ...
  double error = 0;     // largest relative error over the directions
  double analytic = 0;  // directional derivative for the direction with the largest error
  double numeric = 0;
  std::string note;  // of a failed block: what smaller steps and one-sided differences tell; may be empty
};

namespace detail {

/// A number with six digits, for messages.
inline std::string figure(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", x);
  return text;
}

}  // namespace detail

/// Result of a check.
struct report {
  std::vector<block_report> blocks;
  std::vector<std::string> violations;  // broken promises, one sentence each
  double tolerance = 0;

  bool ok() const { return violations.empty() && worst() <= tolerance; }
  double worst() const {
    double w = 0;
    for (const auto& b : blocks) w = std::max(w, std::isfinite(b.error) ? b.error : HUGE_VAL);
    return w;
  }
  /// A line for each block and each violation.
  std::string message() const {
    using detail::figure;
    std::string m;
    for (const auto& b : blocks)
      m += b.name + ": relative error " + figure(b.error) + " (at most " + figure(tolerance) +
           "), analytic " + figure(b.analytic) + ", numeric " + figure(b.numeric) +
           (b.note.empty() ? "" : "; " + b.note) + "\n";
    for (const auto& v : violations) m += v + "\n";
    return m;
  }
};

}  // namespace diffam::check
