// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Measures times on a GPU by its events, and the limits of the device, from which the tables compute their
// floors.
#pragma once

#include <algorithm>
#include <vector>

#include "diffam/exec/graph.cuh"

namespace diffam::bench {

class cuda_event {
 public:
  cuda_event() { exec::detail::check_cuda(cudaEventCreate(&event_), "create an event"); }
  ~cuda_event() { (void)cudaEventDestroy(event_); }
  cuda_event(const cuda_event&) = delete;
  cuda_event& operator=(const cuda_event&) = delete;

  void record(const exec::cuda& e) const {
    exec::detail::check_cuda(cudaEventRecord(event_, e.stream), "record an event");
  }
  /// Microseconds from `earlier` to this event. Both must have completed.
  double since(const cuda_event& earlier) const {
    float ms = 0;
    exec::detail::check_cuda(cudaEventElapsedTime(&ms, earlier.event_, event_), "read an event");
    return 1e3 * static_cast<double>(ms);
  }

 private:
  cudaEvent_t event_ = nullptr;
};

/// Time in microseconds of one call of `work`, from `count` calls in a row. The result is the median of nine
/// measurements, after one that does not count.
template <class Work>
double median_us(const exec::cuda& e, int count, const Work& work) {
  std::vector<double> laps;
  for (int lap = 0; lap < 10; ++lap) {
    const cuda_event begin, end;
    begin.record(e);
    for (int k = 0; k < count; ++k) work();
    end.record(e);
    e.wait();
    if (lap > 0) laps.push_back(end.since(begin) / count);
  }
  std::sort(laps.begin(), laps.end());
  return laps[laps.size() / 2];
}

struct device_limits {
  double bytes_per_us;  // memory bandwidth, read and write together
  double flops_per_us;  // in float; a fused multiply-add counts as two
  double launch_us;     // an empty kernel in a replayed graph
};

struct empty_kernel {
  DIFFAM_HOST_DEVICE void operator()(index_t) const {}
};

struct double_kernel {
  view<const float> from;
  view<float> to;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const { to[i] = 2 * from[i]; }
};

/// Each thread runs sixteen independent chains of fused multiply-adds.
struct multiply_add_kernel {
  static constexpr int chains = 16, rounds = 2048;
  view<float> out;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    float x[chains];
    for (int c = 0; c < chains; ++c) x[c] = static_cast<float>(c) + static_cast<float>(i) * 1e-6f;
    for (int r = 0; r < rounds; ++r)
      for (int c = 0; c < chains; ++c) x[c] = x[c] * 0.9999f + 0.5f;
    float sum = 0;
    for (int c = 0; c < chains; ++c) sum += x[c];
    out[i] = sum;
  }
};

inline device_limits measure_limits(const exec::cuda& e) {
  constexpr index_t numbers = index_t{1} << 26, threads = index_t{1} << 20;  // 256 MiB, more than every cache
  buffer<float, exec::cuda_memory> from(numbers), to(numbers);
  const double copy = median_us(e, 5, [&] {
    e.for_each_index(numbers, double_kernel{from.get(), to.get()});
  });
  const double multiply = median_us(e, 3, [&] { e.for_each_index(threads, multiply_add_kernel{to.get()}); });
  constexpr int launches = 200;
  const exec::graph empty(e, [&] {
    for (int k = 0; k < launches; ++k) e.for_each_index(1, empty_kernel{});
  });
  const double launch = median_us(e, 3, [&] { empty.launch(); }) / launches;
  const double flops = 2.0 * multiply_add_kernel::chains * multiply_add_kernel::rounds;
  return {8.0 * static_cast<double>(numbers) / copy, flops * static_cast<double>(threads) / multiply, launch};
}

}  // namespace diffam::bench
