// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Measures the parts of a command's time.
#pragma once

#include <chrono>
#include <utility>

namespace diffam::program {

/// Measures the seconds since the last call of `lap`.
class stopwatch {
 public:
  double lap() {
    const auto now = clock::now();
    return std::chrono::duration<double>(now - std::exchange(last_, now)).count();
  }

 private:
  using clock = std::chrono::steady_clock;
  clock::time_point last_ = clock::now();
};

}  // namespace diffam::program
