// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The policy of all cores, with the same bits as `serial`.
#pragma once

#include "diffam/exec/host/thread_pool.hpp"
#include "diffam/exec/host/verbs.hpp"

namespace diffam::exec {

/// Runs work on a pool of threads.
struct threads : detail::host_verbs<threads> {
  /// Uses `count` threads, the calling thread included; 0 means all hardware threads. Throws `error` if
  /// `count` < 0.
  explicit threads(int count = 0) : count_(count > 0 ? count : hardware()) {
    if (count < 0) throw error("exec::threads: expected a count >= 0, got " + std::to_string(count));
    detail::thread_pool::instance().reserve(count_ - 1);
  }

  int concurrency() const { return count_; }

  template <class F>
  void run_chunks(index_t count, const F& f) const {
    detail::thread_pool::instance().run(count, count_ - 1, f);
  }

 private:
  static int hardware() {
    const unsigned n = std::thread::hardware_concurrency();
    return n > 0 ? static_cast<int>(n) : 1;
  }

  int count_;
};

}  // namespace diffam::exec
