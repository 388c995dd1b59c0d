// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Learns an intensity as a function of two distances, a to a ball and b to a box: sin(3 a) b.
#include <cmath>
#include <cstdio>
#include <vector>

#include "diffam/diffam.hpp"

namespace d = diffam;
using exec = d::exec::serial;  // threads save nothing here

/// Vertices -> signed distances of points to a mesh that does not change.
auto distance_to(const d::triangle_mesh<double>& mesh, d::view<const double> points) {
  const auto vertices = d::vertex_buffer<double>(mesh);
  return d::pipeline(d::constant_source<double, exec>(vertices.get()),
                     d::mesh_distance<double, exec>(mesh, points));
}

int main() {
  const auto ball = d::make_icosphere<double>(3, 0.7), box = d::make_box<double>({1, 1.2, 0.8});
  const auto points = d::vertex_buffer<double>(d::make_torus<double>(0.7, 0.5, 40, 30));  // 1,200 x 3
  const auto a = d::signed_distance(ball, points.get()), b = d::signed_distance(box, points.get());
  std::vector<double> wanted;
  for (std::size_t i = 0; i < a.distance.size(); ++i)
    wanted.push_back(std::sin(3 * a.distance[i]) * b.distance[i]);

  using target = d::fixed_target<double>;
  const target values{{wanted.data(), points.get().rows}};
  auto model =
      d::pipeline(d::join_columns(distance_to(ball, points.get()), distance_to(box, points.get())),
                  d::mlp<double, exec>({.inputs = 2, .frequencies = 8, .width = 16, .fourier_sigma = 0.5}),
                  d::image_loss<double, exec, target, d::squared>(values));
  const auto end = d::minimize(model, d::optim::lbfgs<double, exec>(), exec{}, {.iterations = 200});
  std::printf("mean square: %.1e before, %.1e after %d evaluations\n", end.initial_loss, end.final_loss,
              int(end.iterations));
  return end.final_loss < 1e-5 ? 0 : 1;
}
