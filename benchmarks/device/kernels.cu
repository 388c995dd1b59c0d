// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The time of each kernel of an iteration, with a floor: the greatest of the time of an empty launch, the
// least bytes that the kernel must move over the memory bandwidth, and its operations over the peak rate of
// float. If the work of a kernel depends on the data (searches in trees), its floor is the launch only.
#include <cstdio>

#include "../fit_case.hpp"
#include "measured.cuh"
#include "tables.hpp"

namespace diffam::bench {

namespace {

struct work {
  double bytes = 0, flops = 0;
};

/// The known work of kernels, for one launch in the measured fit.
std::map<std::string, work> known_work(index_t vertebrae) {
  const spine::fit_options& o = fit_settings();
  const double points = static_cast<double>(o.samples), layers = static_cast<double>(o.hidden_layers);
  const double product = 2.0 * points * 64 * 64;  // operations of one layer
  const double vertices = static_cast<double>(fit_template().vertex_count()),
               modes = static_cast<double>(o.modes);
  const double columns = static_cast<double>(packed_columns(vertebrae));
  const work spectral{4 * (vertices * modes + (vertices + modes) * columns), 2 * vertices * modes * columns};
  const double tiles = static_cast<double>(detail::mlp_tiles<float>::block_count(o.samples));
  const double folded =
      static_cast<double>(detail::mlp_folded_layout<float>{{o.frequencies, o.width, o.hidden_layers}}.size());
  return {
      {"mlp_tile_forward", {12 * points, layers * product}},
      {"mlp_tile_backward", {16 * points + 4 * tiles * folded, 3 * layers * product}},  // the kernel repeats
                                                                                        // the forward pass
      {"row_sum_block", {4 * tiles * folded, tiles * folded}},
      {"gemm", spectral},
      {"gemm_transposed", spectral}};
}

}  // namespace

void print_kernels() {
  const exec::cuda_stream stream;
  launch_log log;
  const measured e(stream.get(), log);
  const device_limits limits = measure_limits(e);
  running_fit<measured> f(e);
  constexpr int iterations = 20;
  log.on = true;
  for (int k = 0; k < iterations; ++k) f.fit.step();
  log.on = false;

  struct row {
    std::string name;
    launch_log::entry sum;
  };
  std::vector<row> rows;
  double all = 0;
  for (const auto& [name, sum] : log.collect(e)) rows.push_back({name, sum}), all += sum.us;
  std::sort(rows.begin(), rows.end(), [](const row& a, const row& b) { return a.sum.us > b.sum.us; });

  const auto known = known_work(f.fit.vertebra_count());
  std::printf("%-38s %9s %10s %10s %7s\n", "kernel, in an iteration", "launches", "us", "floor us", "share");
  for (const row& r : rows) {
    const double launches = static_cast<double>(r.sum.launches) / iterations;
    double floor = limits.launch_us;
    if (const auto w = known.find(r.name); w != known.end())
      floor = std::max({floor, w->second.bytes / limits.bytes_per_us, w->second.flops / limits.flops_per_us});
    std::printf("%-38s %9.1f %10.2f %10.2f %6.1f%%\n", r.name.c_str(), launches, r.sum.us / iterations,
                floor * launches, 100 * r.sum.us / all);
  }
  std::printf("%-38s %9s %10.2f\n\n", "sum, launched one by one", "", all / iterations);
}

}  // namespace diffam::bench
