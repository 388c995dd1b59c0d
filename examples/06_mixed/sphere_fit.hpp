// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The fit of example 1, written once for every execution policy. Only on_cpu.cpp and on_gpu.cu include it.
#pragma once

#include <diffam/loss/image.hpp>
#include <diffam/mesh/primitives.hpp>
#include <diffam/optim/adam.hpp>
#include <diffam/sdf/mesh_distance.hpp>
#include <diffam/shape/spectral_shape.hpp>
#include <diffam/solve/minimize.hpp>

/// Fits a sphere to another one. Returns the mean error of the distances.
template <diffam::exec::policy Exec>
double fit_sphere(const Exec& e) {
  namespace d = diffam;
  using memory = typename Exec::memory;  // the memory in which the policy keeps its data
  const auto sphere = d::make_icosphere<double>(2, 1.0);
  const d::vec3<double> centre{0.3, -0.2, 0.1};

  d::buffer<float> points(512, 3), distances(512);
  for (d::index_t i = 0; i < 512; ++i) {
    const d::vec3<double> p{0.5 * double(i % 8) - 1.75, 0.5 * double(i / 8 % 8) - 1.75,
                            0.5 * double(i / 64) - 1.75};
    for (int k = 0; k < 3; ++k) points.get()(i, k) = float(p[k]);
    distances.get()[i] = float(d::norm(p - centre) - 1.25);
  }
  const auto own_points = d::make_buffer<memory>(points.get());
  const auto own_distances = d::make_buffer<memory>(distances.get());

  auto model = d::pipeline(d::spectral_shape<float, Exec>(sphere, {.modes = 16}),
                           d::mesh_distance<float, Exec>(sphere.faces, own_points.get()),
                           d::image_loss<float, Exec>({own_distances.get()}));
  const d::optim::adam<float, Exec, d::optim::cosine<float>> rule({.rate = 0.02});
  return d::minimize(model, rule, e, {.iterations = 300, .read_loss_every = 50}).final_loss;
}
