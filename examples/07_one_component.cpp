// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Example 7: a single component, for a user's own loop: signed distances of points to a mesh, and their
// gradient with respect to the vertices. Uses no pipeline and no optimizer.
#include <cmath>
#include <cstdio>

#include "diffam/exec/threads.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/sdf/mesh_distance.hpp"

namespace d = diffam;
using exec = d::exec::threads;  // all cores

int main() {
  const auto mesh = d::make_torus<double>(0.5, 0.2, 48, 24);
  const d::index_t n = 1000;
  d::buffer<float> points(n, 3);  // on a spiral through and around the torus
  for (d::index_t i = 0; i < n; ++i) {
    const double t = double(i) / double(n);
    const d::vec3<float> p{float(t * std::cos(40 * t)), float(t * std::sin(40 * t)), float(0.3 * t - 0.1)};
    d::store3(points.get(), i, p);
  }
  const exec e;

  // README: begin
  auto vertices = d::vertex_buffer<float>(mesh);                         // V x 3
  const d::mesh_distance<float, exec> distance(mesh, points.get());      // points: N x 3
  d::planned memory(distance, vertices.get().extent());                  // all the memory it takes
  distance.forward(e, vertices.get(), memory.output, memory.workspace);  // N x 1, negative inside

  e.fill(memory.d_output, 1.0f / float(n));  // dL/d(distance); here L is the mean distance
  d::buffer<float> d_vertices(mesh.vertex_count(), 3);
  distance.backward(e, vertices.get(), memory.d_output, d_vertices.get(), memory.workspace);  // adds
  // README: end

  const auto mean = [&] {
    double sum = 0;
    for (d::index_t i = 0; i < n; ++i) sum += double(memory.output[i]);
    return sum / double(n);
  };
  double inside = 0, by_gradient = 0;
  for (d::index_t i = 0; i < n; ++i) inside += memory.output[i] < 0 ? 1 : 0;
  for (d::index_t v = 0; v < mesh.vertex_count(); ++v) by_gradient += double(d_vertices.get()(v, 2));
  const double before = mean(), step = 1e-3;
  for (d::index_t v = 0; v < mesh.vertex_count(); ++v) vertices.get()(v, 2) += float(step);
  distance.forward(e, vertices.get(), memory.output, memory.workspace);
  const double by_difference = (mean() - before) / step;
  std::printf("%g of %d points inside; a step up changes the mean distance by %.4f a unit, predicted %.4f\n",
              inside, int(n), by_difference, by_gradient);
  return std::abs(by_difference - by_gradient) < 0.01 ? 0 : 1;
}
