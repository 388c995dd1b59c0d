// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Shows the progress of a long loop: a bar on a terminal, otherwise a line every few seconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "console.hpp"

namespace diffam::program {

/// `total`: steps of the whole run; `done`: steps done before this process.
class progress_display {
 public:
  progress_display(const console& out, std::uint64_t total, std::uint64_t done = 0);

  /// To be called after every step. Prints only when enough time has passed.
  void update(std::uint64_t done, double loss);
  /// Removes the bar, so that other lines can follow.
  void finish();

 private:
  using clock = std::chrono::steady_clock;

  std::string text(std::uint64_t done, double loss) const;

  const console& out_;
  std::uint64_t total_;
  std::uint64_t first_;
  clock::time_point start_ = clock::now();
  clock::time_point next_ = start_;
  bool bar_ = false;    // stderr is a terminal
  bool drawn_ = false;  // the current line holds a bar
};

/// Formats seconds as "1:07" or "1:02:30".
std::string duration_text(double seconds);

}  // namespace diffam::program
