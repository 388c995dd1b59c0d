// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Measures each step of a benchmark separately. On a busy machine the fastest step is the most reliable
// figure, and the mean the least.
#pragma once

#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <vector>

namespace diffam::bench {

/// Time in milliseconds: CPU time of the process for one thread, wall time for several threads.
inline double now_ms(int threads) {
  timespec t{};
  clock_gettime(threads == 1 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
  return 1e3 * static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_nsec);
}

/// Runs `step` as often as `state` asks for it, and adds the counters `fastest_ms` and `median_ms`.
template <class Step>
void time_steps(benchmark::State& state, const Step& step, int threads = 1) {
  std::vector<double> laps;
  for (auto _ : state) {
    const double begin = now_ms(threads);
    step();
    laps.push_back(now_ms(threads) - begin);
  }
  std::sort(laps.begin(), laps.end());
  if (laps.empty()) return;
  state.counters["fastest_ms"] = laps.front();
  state.counters["median_ms"] = laps[laps.size() / 2];
}

}  // namespace diffam::bench
