// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// docs/components/images.md and the image-driven losses of losses.md.
#include <cmath>
#include <vector>

#include "diffam/exec/threads.hpp"
#include "diffam/image/distance_volume.hpp"
#include "diffam/image/isotropic_grid.hpp"
#include "diffam/image/resample.hpp"
#include "diffam/image/scale_space.hpp"
#include "diffam/image/synthesis.hpp"
#include "diffam/image/window.hpp"
#include "diffam/loss/image.hpp"
#include "diffam/loss/normal.hpp"
#include "diffam/mesh/primitives.hpp"
#include "snippets.hpp"

namespace d = diffam;
using exec = d::exec::threads;

namespace {

/// A ball of 1,000 HU and radius 20 mm at the origin, in soft tissue.
d::volume<float> ball() {
  d::grid g;
  g.size = {64, 64, 48};
  g.axes = d::mat3<double>::identity();
  g.axes.row[2] = {0, 0, 1.5};
  g.origin = {-32, -32, -36};
  d::volume<float> ct(g);
  for (d::index_t k = 0; k < g.size[2]; ++k)
    for (d::index_t j = 0; j < g.size[1]; ++j)
      for (d::index_t i = 0; i < g.size[0]; ++i)
        ct.at(i, j, k) = d::norm(g.to_world({double(i), double(j), double(k)})) < 20 ? 1000.0f : 0.0f;
  return ct;
}

}  // namespace

void images() {
  const exec e;
  d::volume<float> from_array;
  {
    const std::vector<float> mine(64 * 64 * 48, 1.0f);
    const float* data = mine.data();
    // [volume_from_array]
    d::grid g;
    g.size = {64, 64, 48};                 // voxels along i, j, k; i runs fastest in memory
    g.axes = d::mat3<double>::identity();  // column a: the step in mm from one voxel to the next along a
    g.axes(2, 2) = 1.5;                    // here: 1 x 1 x 1.5 mm
    g.origin = {-32, -32, -36};            // world position (RAS, mm) of the centre of voxel (0, 0, 0)
    d::volume<float> ct(g);
    ct.voxels.assign(data, data + g.voxel_count());
    // [/volume_from_array]
    from_array = std::move(ct);
  }
  expect(from_array.at(3, 4, 5) == 1, "the voxels are taken over");

  d::volume<float> ct = ball();
  expect(d::norm(ct.geometry.spacing() - from_array.geometry.spacing()) < 1e-12,
         "both ways to set axes agree");

  // [scale_space]
  d::normalize(e, ct, {.low = -200, .high = 1000});          // HU to 0 ... 1
  const d::grid even = d::isotropic_grid(ct.geometry, 1.0);  // 1 mm voxels, the same field of view
  d::iteration_clock<exec> clock(300);                       // the run that the blur follows
  const d::scale_space<float, exec> space(e, d::resample(e, ct, even), {.sigma = 2.56});
  const d::image_sampler<float> image = space.sampler(clock.state());
  const float centre = image.value(d::vec3<float>{0, 0, 0});  // points are in units of 64 mm
  const auto slope = image.gradient({20.0f / 64, 0, 0});      // per 64 mm
  // [/scale_space]
  expect(std::abs(centre - 1) < 1e-3f, "the ball is bright");
  expect(slope[0] < -1 && std::abs(slope[1]) < 0.05f * std::abs(slope[0]), "the image falls outward");

  auto mesh = d::make_icosphere<double>(3, 20.0 / 64);  // the ball's surface, in units of 64 mm
  const auto vertices = d::vertex_buffer<float>(mesh);
  // [normal_loss]
  using samples = d::drawn_surface_samples<float, exec>;
  const d::normal_loss<float, exec> normal(mesh.faces, mesh.vertex_count(),
                                           samples(mesh.faces, clock.state(), {.count = 2000}), image,
                                           {.response = {.contrast = 4, .rising = 0}});
  // [/normal_loss]
  d::planned memory(normal, vertices.get().extent());
  normal.forward(e, vertices.get(), memory.output, memory.workspace);
  const float on_edge = memory.output[0];
  auto larger = d::make_icosphere<double>(3, 28.0 / 64);
  normal.forward(e, d::vertex_buffer<float>(larger).get(), memory.output, memory.workspace);
  expect(on_edge < 0.7f * memory.output[0], "the loss is lower where the image changes");

  // [image_target]
  const d::buffer<float> points = d::vertex_buffer<float>(larger);  // N x 3, units of 64 mm
  const d::image_loss<float, exec, d::sampled_target<float>> loss({points.get(), image});
  // [/image_target]
  expect(loss.output_extent({points.get().rows, 1}) == d::extent{1, 1}, "a loss is one number");

  for (auto& v : mesh.vertices) v *= 64;  // to mm
  // [distance_volume]
  const d::volume<float> field =
      d::distance_volume(e, mesh, ct.geometry, {.reach = 5});  // mm, negative inside
  const d::volume<float> soft = d::blur(e, ct, 1.5);           // Gaussian, sigma in mm
  // [/distance_volume]
  expect(std::abs(double(field.at(32 + 18, 32, 24)) + 2) < 0.2, "18 mm from the centre is 2 mm inside");
  expect(soft.voxels.size() == ct.voxels.size(), "a blur keeps the grid");

  // [synthesis]
  const std::vector<d::triangle_mesh<double>> meshes{mesh};               // world mm, closed
  const d::distance_curve f{{-10, -2, 0, 2}, {200, 700, 400, 40}};        // mm, HU; linear in between
  const d::volume<float> made = d::synthesise(e, meshes, f, ct.geometry,  // HU
                                              {.blur = 0.8, .noise = 20, .seed = 3});
  // [/synthesis]
  expect(std::abs(double(made.at(32, 32, 24)) - 200) < 100, "marrow in the middle");
}
