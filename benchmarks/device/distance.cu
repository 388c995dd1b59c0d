// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Measures the signed distance of many points to one mesh on a GPU, forward and backward.
#include <cstdio>

#include "diffam/sdf/mesh_distance.hpp"
#include "points_around.hpp"
#include "tables.hpp"
#include "timing.cuh"

namespace diffam::bench {

void print_distance() {
  constexpr index_t count = 1000000;
  const triangle_mesh<double> mesh = vertebra_in_units();
  const exec::cuda_stream stream;
  const exec::cuda e{stream.get()};
  const auto points = make_buffer<exec::cuda_memory>(points_around({mesh}, count).get());
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
