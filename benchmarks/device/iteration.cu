// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Measures the limits of a GPU, and an iteration of the fit on it.
#include <cstdio>

#include "../fit_case.hpp"
#include "diffam/solve/replay.cuh"
#include "tables.hpp"
#include "timing.cuh"

namespace diffam::bench {

void use_first_device() {
  exec::use_cuda_device(0);
}

void print_iteration() {
  cudaDeviceProp p{};
  exec::detail::check_cuda(cudaGetDeviceProperties(&p, 0), "ask for the device's properties");
  const exec::cuda_stream stream;
  const exec::cuda_side_streams side;
  const exec::cuda e{stream.get(), &side};
  const device_limits limits = measure_limits(e);
  std::printf("device              %s, sm_%d%d, %d multiprocessors\n", p.name, p.major, p.minor,
              p.multiProcessorCount);
  std::printf("memory              %.0f GB/s\n", 1e-3 * limits.bytes_per_us);
  std::printf("float               %.1f TFLOP/s\n", 1e-6 * limits.flops_per_us);
  std::printf("launch in a graph   %.2f us\n", limits.launch_us);

  constexpr int iterations = 20;  // for each of ten measurements, from iteration 30 of 300
  running_fit<exec::cuda> f(e);
  const double direct = median_us(e, iterations, [&] { f.fit.step(); });
  f.go_back();
  replayed fast(f.fit, e);
  fast.step();  // runs directly
  fast.step();  // records the graph
  const double replay = median_us(e, iterations, [&] { fast.step(); });
  std::printf("iteration           %.1f us replayed, %.1f us direct (%lld vertebrae, %lld samples)\n\n",
              replay, direct, static_cast<long long>(f.fit.vertebra_count()),
              static_cast<long long>(fit_settings().samples));
}

}  // namespace diffam::bench
