// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Tutorial 2: a sphere finds another shape from signed distances alone; every vertex is free to move.
// Picture: both at the start, on the way and at the end.
#include <cmath>
#include <cstdio>

#include "diffam/component/pipeline.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/loss/image.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/mesh/quality.hpp"
#include "diffam/optim/vector_adam.hpp"
#include "diffam/sdf/mesh_distance.hpp"
#include "diffam/shape/coefficients.hpp"
#include "diffam/solve/minimize.hpp"
#include "draw.hpp"

namespace d = diffam;
using exec = d::exec::threads;

/// A rounded box, 44 x 32 x 28 mm, with a hollow at its back: somewhat like the body of a vertebra.
d::triangle_mesh<double> body() {
  auto mesh = d::make_icosphere<double>(4);
  for (auto& v : mesh.vertices) {
    v *= std::pow(std::pow(v[0], 4) + std::pow(v[1], 4) + std::pow(v[2], 4), -0.25);
    const double hollow = v[1] < 0 ? 7 * v[1] * v[1] * std::exp(-4 * v[0] * v[0]) : 0;
    v = {22 * v[0], 16 * v[1] + hollow, 14 * v[2]};
  }
  return mesh;
}

/// Signed distances (mm) of points (N x 3) to a mesh.
d::buffer<float> distances(const d::triangle_mesh<double>& mesh, d::view<const float> points) {
  const d::mesh_distance<float, exec> distance(mesh, points);
  const auto vertices = d::vertex_buffer<float>(mesh);
  d::planned memory(distance, vertices.get().extent());
  distance.forward(exec{}, vertices.get(), memory.output, memory.workspace);
  return d::make_buffer(memory.output);
}

int main(int argc, char** argv) {
  const auto target = body();
  auto sphere = d::make_icosphere<double>(3, 12.0);
  d::buffer<float> points(16 * 16 * 16, 3);  // 4 mm apart, in a cube around both
  for (d::index_t i = 0; i < points.get().rows; ++i)
    for (int k = 0; k < 3; ++k) points.get()(i, k) = 4.0f * float(i >> 4 * k & 15) - 30.0f;
  const auto wanted = distances(target, points.get());

  // [model]
  auto model =
      d::pipeline(d::coefficients<float, exec>(d::vertex_buffer<float>(sphere).get()),  // V x 3, free
                  d::mesh_distance<float, exec>(sphere, points.get()),  // -> N x 1 signed distances
                  d::image_loss<float, exec>({wanted.get()}));          // -> mean |d - wanted|
  const d::optim::vector_adam<float, exec, d::optim::cosine<float>> rule({.rate = 0.5});  // mm a step
  // [/model]

  const auto plane = tutorial::plane_through(tutorial::section_kind::sagittal, {0, 0, 0}, 52, 44, 6);
  std::vector<tutorial::panel> panels;
  const auto look = [&](std::uint64_t iteration) {
    const auto now = model.first().get();
    for (std::size_t v = 0; v < sphere.vertices.size(); ++v)
      for (int k = 0; k < 3; ++k) sphere.vertices[v][k] = now.get()(d::index_t(v), k);
    tutorial::canvas picture(plane.pixel_width(), plane.pixel_height(), {240, 240, 236});
    plane.contour(picture, target, 6, {170, 190, 220});
    plane.contour(picture, sphere, 2, {200, 60, 40});
    tutorial::draw_scale_bar(picture, 6);
    panels.push_back({"iteration " + std::to_string(iteration), picture});
  };
  look(0);
  const double before = d::measure_quality(sphere).least;
  // [run]
  const auto summary = d::minimize(model, rule, exec{}, {.iterations = 200}, [&](const d::progress& p) {
    if (p.iteration == 20 || p.iteration == p.total) look(p.iteration);
  });
  // [/run]
  tutorial::save(tutorial::sheet("A sphere (red) finds a shape (blue) from distances", panels, 3),
                 tutorial::folder(argc, argv) / "2_free_vertices.png");
  const auto apart = distances(target, model.first().get().get());
  double mean = 0;
  for (const float x : apart.get()) mean += std::abs(double(x)) / double(apart.size());
  std::printf("loss %.2f mm -> %.3f mm; vertices %.2f mm from the target; worst triangle %.2f -> %.2f\n",
              summary.initial_loss, summary.final_loss, mean, before, d::measure_quality(sphere).least);
  return mean < 0.5 && summary.final_loss < 0.1 * summary.initial_loss ? 0 : 1;
}
