// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
#include <cstdio>

#include "diffam/core/random.hpp"
#include "diffam/sdf/mesh_distance.hpp"
#include "diffam/spine/template.hpp"
#include "tables.hpp"
#include "timing.cuh"

namespace diffam::bench {

namespace {

/// Points at 9.6 mm of noise around vertices that are drawn at random, in units of 64 mm.
buffer<float> points_around(const triangle_mesh<double>& mesh, index_t count) {
  buffer<float> points(count, 3);
  for (index_t i = 0; i < count; ++i) {
    const auto at = static_cast<std::uint64_t>(i);
    const auto w = random_words(1, random_stream::test, 0, at),
               v = random_words(1, random_stream::test, 1, at);
    const auto vertex =
        static_cast<std::size_t>(static_cast<double>(mesh.vertex_count()) * unit_interval<double>(w[0]));
    const auto a = box_muller(unit_interval<double>(w[1]), unit_interval<double>(w[2]));
    const auto b = box_muller(unit_interval<double>(v[0]), unit_interval<double>(v[1]));
    const vec3<double> noise{a[0], a[1], b[0]};
    const vec3<double> p = mesh.vertices[std::min(vertex, mesh.vertices.size() - 1)] + noise * (9.6 / 64);
    for (int k = 0; k < 3; ++k) points.get()(i, k) = static_cast<float>(p[k]);
  }
  return points;
}

}  // namespace

void print_distance() {
  constexpr index_t count = 1000000;
  triangle_mesh<double> mesh = spine::make_template();
  for (auto& p : mesh.vertices) p = p * (1.0 / 64);
  const exec::cuda_stream stream;
  const exec::cuda e{stream.get()};
  const auto points = make_buffer<exec::cuda_memory>(points_around(mesh, count).get());
  const auto vertices = make_buffer<exec::cuda_memory>(vertex_buffer<float>(mesh).get());
  const mesh_distance<float, exec::cuda> distance(mesh.faces, points.get());
  planned p(distance, vertices.get().extent());
  buffer<float, exec::cuda_memory> d_vertices(mesh.vertex_count(), 3);
  e.fill(p.d_output, 1.0f);
  const auto forward = [&] { distance.forward(e, vertices.get(), p.output, p.workspace); };
  forward();
  const exec::graph again(e, forward);
  const exec::graph back(
      e, [&] { distance.backward(e, vertices.get(), p.d_output, d_vertices.get(), p.workspace); });
  const double us = median_us(e, 3, [&] { again.launch(); });
  const double back_us = median_us(e, 3, [&] { back.launch(); });
  std::printf("signed distance     %lld points, %lld faces: %.0f million a second, refit included\n",
              static_cast<long long>(count), static_cast<long long>(mesh.face_count()),
              static_cast<double>(count) / us);
  std::printf("its pullback        %.0f million a second\n\n", static_cast<double>(count) / back_us);
}

}  // namespace diffam::bench
