// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Tutorial 1: the signed distance of points to a vertebra, and its gradient. Picture: both in a plane.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "diffam/exec/threads.hpp"
#include "diffam/sdf/mesh_distance.hpp"
#include "draw.hpp"
#include "inputs.hpp"

namespace d = diffam;
using exec = d::exec::threads;

int main(int argc, char** argv) {
  const exec e;
  const auto mesh = tutorial::vertebra();
  const auto plane = tutorial::plane_through(tutorial::section_kind::sagittal, {0, -18, 0}, 130, 80, 5);
  const d::index_t width = plane.pixel_width(), n = width * plane.pixel_height();
  d::buffer<float> points(n, 3), gradient(n, 3);  // one point a pixel, mm
  for (d::index_t i = 0; i < n; ++i)
    for (int k = 0; k < 3; ++k)
      points.get()(i, k) = static_cast<float>(plane.world(double(i % width), double(i / width))[k]);

  // [distance]
  const auto vertices = d::vertex_buffer<float>(mesh);  // V x 3, mm
  const d::mesh_distance<float, exec> distance(mesh, points.get(), {.d_points = gradient.get()});
  d::planned memory(distance, vertices.get().extent());
  distance.forward(e, vertices.get(), memory.output, memory.workspace);  // N x 1, mm, negative inside

  e.fill(memory.d_output, 1.0f);
  distance.backward(e, vertices.get(), memory.d_output, {}, memory.workspace);  // adds dd/dp to `gradient`
  // [/distance]

  tutorial::canvas picture(width, plane.pixel_height());
  for (d::index_t i = 0; i < n; ++i)
    picture.mix(i % width, i / width, tutorial::signed_colour(memory.output[i], 30), 1);
  for (d::index_t i = 0; i < n; ++i) {
    const d::index_t x = i % width, y = i / width;
    if (x % 25 != 12 || y % 25 != 12) continue;  // an arrow every 5 mm
    const auto tip = plane.pixel(plane.world(double(x), double(y)) +
                                 4.0 * d::vec3<double>{0, gradient.get()(i, 1), gradient.get()(i, 2)});
    tutorial::arrow(picture, double(x), double(y), tip[0], tip[1], {30, 30, 30});
  }
  plane.contour(picture, mesh, 3, tutorial::black);
  tutorial::draw_scale_bar(picture, 5);
  tutorial::save(tutorial::sheet("Signed distance to a vertebra, its gradient (arrows)",
                                 {{"blue inside, red outside; 3 mm a band; sagittal", picture}}, 1),
                 tutorial::folder(argc, argv) / "1_distance.png");

  // [check]
  for (d::index_t i = 0; i < n; ++i) {
    const auto p = d::load3(points.get(), i), direction = d::load3(gradient.get(), i);
    d::store3(points.get(), i, p - direction * memory.output[i]);
  }
  distance.forward(e, vertices.get(), memory.output, memory.workspace);  // now every point is on the surface
  // [/check]
  double farthest = 0;
  for (const float x : memory.output) farthest = std::max(farthest, std::abs(double(x)));
  std::printf("%d points walked along the gradient; the farthest ends %.5f mm from the surface\n", int(n),
              farthest);
  return farthest < 0.001 ? 0 : 1;
}
