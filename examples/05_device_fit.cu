// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Example 5: example 1 on a GPU. An iteration is recorded once as a CUDA graph and replayed. To compile it:
//
//     nvcc -std=c++20 -I include -I /usr/include/eigen3 examples/05_device_fit.cu -o device_fit
#include <cstdio>
#include <diffam/diffam.hpp>

namespace d = diffam;
using exec = d::exec::cuda;

/// Fits the mesh to a sphere of radius 1.25 around `centre`. Returns the mean error of the distances.
double fit(const exec& e, const d::triangle_mesh<double>& sphere, const d::vec3<double>& centre) {
  d::buffer<float> points(512, 3), distances(512);  // a grid of points, and their distances to the target
  for (d::index_t i = 0; i < 512; ++i) {
    const d::vec3<double> p{0.5 * double(i % 8) - 1.75, 0.5 * double(i / 8 % 8) - 1.75,
                            0.5 * double(i / 64) - 1.75};
    for (int k = 0; k < 3; ++k) points.get()(i, k) = float(p[k]);
    distances.get()[i] = float(d::norm(p - centre) - 1.25);
  }
  const auto device_points = d::make_buffer<d::exec::cuda_memory>(points.get());
  const auto device_distances = d::make_buffer<d::exec::cuda_memory>(distances.get());

  auto model = d::pipeline(d::spectral_shape<float, exec>(sphere, {.modes = 16}),
                           d::mesh_distance<float, exec>(sphere.faces, device_points.get()),
                           d::image_loss<float, exec>({device_distances.get()}));
  using rule = d::optim::adam<float, exec, d::optim::cosine<float>>;
  d::iteration_clock<exec> clock(300);
  d::solver<decltype(model), rule> solver(model, rule({.rate = 0.02}), e, clock);
  d::replayed iteration(solver, e);
  while (!solver.done()) iteration.step();
  return solver.loss();
}

int main() {
  try {
    d::exec::use_cuda_device(0);
    const d::exec::cuda_stream stream;
    const double error = fit(exec{stream.get()}, d::make_icosphere<double>(2, 1.0), {0.3, -0.2, 0.1});
    std::printf("mean distance error: %.4f\n", error);
    return error < 0.03 ? 0 : 1;
  } catch (const d::error& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return e.kind() == d::error_kind::no_device ? 77 : 1;  // 77: the tests count this as skipped
  }
}
