// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Example 2: deforms a mesh into another shape, and keeps its vertices and faces (correspondence). The target
// is given by signed distances. Here the start is a sphere and the target a rounded box.
#include <cmath>
#include <cstdio>

#include "diffam/exec/threads.hpp"
#include "diffam/loss/image.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/optim/adam.hpp"
#include "diffam/sdf/distance_query.hpp"
#include "diffam/sdf/mesh_distance.hpp"
#include "diffam/shape/spectral_shape.hpp"
#include "diffam/solve/minimize.hpp"

namespace d = diffam;
using exec = d::exec::threads;

/// The surface |x|^4 + |y|^4 + |z|^4 = 1, stretched. No affine map of a sphere gives this shape.
d::triangle_mesh<double> rounded_box() {
  auto mesh = d::make_icosphere<double>(4, 1.0);
  for (auto& v : mesh.vertices) {
    v *= 1 / std::pow(std::pow(v[0], 4) + std::pow(v[1], 4) + std::pow(v[2], 4), 0.25);
    v = {1.2 * v[0] + 0.2, 0.8 * v[1], v[2]};
  }
  return mesh;
}

/// Mean distance of the vertices of a mesh to the surface of another mesh.
double distance_between(d::view<const float> vertices, const d::triangle_mesh<double>& other) {
  const auto distances = d::closest_points(other, vertices).distance;
  double sum = 0;
  for (const float x : distances) sum += double(x);
  return sum / double(distances.size());
}

int main() {
  const auto start = d::make_icosphere<double>(3, 1.0);
  const auto target = rounded_box();

  d::buffer<float> points(4096, 3);  // a grid of 16 x 16 x 16 points around both meshes
  for (d::index_t i = 0; i < 4096; ++i) {
    points.get()(i, 0) = 0.2f * float(i % 16) - 1.5f;
    points.get()(i, 1) = 0.2f * float(i / 16 % 16) - 1.5f;
    points.get()(i, 2) = 0.2f * float(i / 256) - 1.5f;
  }
  const auto wanted = d::signed_distance(target, points.get()).distance;

  auto shape = d::spectral_shape<float, exec>(start, {.modes = 64});
  auto model = d::pipeline(std::move(shape), d::mesh_distance<float, exec>(start, points.get()),
                           d::image_loss<float, exec>({d::view<const float>(wanted.data(), 4096)}));
  const d::optim::adam<float, exec, d::optim::cosine<float>> rule({.rate = 0.02});
  const auto summary = d::minimize(model, rule, exec{}, {.iterations = 300});

  auto& fitted_shape = model.first();  // fitted coefficients -> vertices
  d::planned<std::decay_t<decltype(fitted_shape)>> memory(fitted_shape, {});
  fitted_shape.forward(exec{}, {}, memory.output, memory.workspace);
  const double before = distance_between(d::vertex_buffer<float>(start).get(), target);
  const double after = distance_between(memory.output, target);
  std::printf("loss %.4f -> %.4f; mean distance of the vertices to the target %.4f -> %.4f\n",
              summary.initial_loss, summary.final_loss, before, after);
  return after < 0.15 * before ? 0 : 1;
}
