// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Regression in one dimension: a small network learns y = sin(3 x) from 200 samples with noise.
#include <cmath>
#include <cstdio>
#include <vector>

#include "diffam/component/constant_source.hpp"
#include "diffam/component/pipeline.hpp"
#include "diffam/exec/serial.hpp"
#include "diffam/loss/image.hpp"
#include "diffam/optim/adam.hpp"
#include "diffam/render/mlp.hpp"
#include "diffam/solve/minimize.hpp"

namespace d = diffam;
using exec = d::exec::serial;  // threads save nothing here

int main() {
  std::vector<double> x(200), y(200);
  for (std::size_t i = 0; i < 200; ++i) {
    x[i] = 0.01 * double(i) - 1;
    y[i] = std::sin(3 * x[i]) + 0.1 * std::sin(1000.0 * double(i * i));  // looks like noise
  }
  using target = d::fixed_target<double>;
  auto model = d::pipeline(d::constant_source<double, exec>(d::view<const double>(x.data(), 200)),
                           d::mlp<double, exec>({.frequencies = 4, .width = 16, .fourier_sigma = 0.5}),
                           d::image_loss<double, exec, target, d::squared>({{y.data(), 200}}));
  const d::optim::adam<double, exec, d::optim::cosine<double>> rule({.rate = 0.01, .beta2 = 0.999});
  const auto end = d::minimize(model, rule, exec{}, {.iterations = 500});

  const auto& network = model.second().first();
  const double at = 0.5;  // the network alone, at a point
  d::planned memory(network, {1, 1});
  network.forward(exec{}, d::view<const double>(&at, 1), memory.output, memory.workspace);
  std::printf("mean square %.4f, f(0.5) = %.3f, sin(1.5) = %.3f\n", end.final_loss, memory.output[0],
              std::sin(1.5));
  return end.final_loss < 0.01 && std::abs(memory.output[0] - std::sin(1.5)) < 0.1 ? 0 : 1;
}
