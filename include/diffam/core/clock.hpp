// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The iteration clock: the values that change between iterations, in memory that kernels read. A captured
// CUDA graph can thus run a different iteration at each replay. Schedules are functions of the clock's
// progress.
#pragma once

#include "diffam/core/buffer.hpp"

namespace diffam {

/// The state of a running optimization. `iteration` counts from 0, of `total`. progress() is 0 at the first
/// iteration and 1 at the last.
struct clock_state {
  std::uint64_t iteration = 0;
  std::uint64_t total = 1;

  template <class T>
  DIFFAM_HOST_DEVICE constexpr T progress() const {
    return total > 1 ? static_cast<T>(iteration) / static_cast<T>(total - 1) : T(0);
  }
};

/// Kernel with one index: adds 1 to the iteration.
struct advance_clock_kernel {
  clock_state* clock;
  DIFFAM_HOST_DEVICE void operator()(index_t) const { ++clock->iteration; }
};

/// Owns a clock in the policy's memory. Components and optimizers keep the pointer `state()`. `set` and `get`
/// synchronise.
template <class Exec>  // execution policy
class iteration_clock {
 public:
  explicit iteration_clock(std::uint64_t total = 1, std::uint64_t iteration = 0) : state_(1) {
    set({iteration, total});
  }
  void set(const clock_state& s) { state_.upload(&s); }
  clock_state get() const {
    clock_state s;
    state_.download(&s);
    return s;
  }
  const clock_state* state() const { return state_.data(); }
  void advance(const Exec& e) { e.for_each_index(1, advance_clock_kernel{state_.data()}); }

 private:
  buffer<clock_state, typename Exec::memory> state_;
};

}  // namespace diffam
