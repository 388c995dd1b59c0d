// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Rasterises triangles by barycentric coordinates at pixel centres, with a depth buffer.
#include "shaded_mesh.hpp"

#include <algorithm>
#include <array>

namespace diffam::program {

namespace {

struct corner {
  double x, y, depth;  // pixels from the upper left corner; depth grows towards the viewer
  vec3<double> light;  // red, green and blue, 0 to 1
};

/// Rounds the light to 24 steps: a picture with few colours makes a small file.
double stepped(double light) {
  return (5 + static_cast<int>(24 * std::max(0.0, light))) / 31.875;
}

}  // namespace

void draw_shaded_mesh(canvas& to, index_t left, index_t top, index_t size, const triangle_mesh<double>& mesh,
                      const viewpoint& from, const vec3<double>& centre, double scale,
                      const std::vector<colour>& colours) {
  const vec3<double> towards = cross(from.right, from.up);
  const vec3<double> lamp = normalized(towards + from.up * 0.6 - from.right * 0.4);
  std::vector<double> nearest(static_cast<std::size_t>(size * size), -1e9);
  for (const face& f : mesh.faces) {
    std::array<corner, 3> c{};
    std::array<vec3<double>, 3> p{};
    for (std::size_t k = 0; k < 3; ++k) {
      const auto v = static_cast<std::size_t>(f[static_cast<int>(k)]);
      p[k] = mesh.vertices[v] - centre;
      const double middle = static_cast<double>(size) / 2;
      c[k] = {middle + dot(p[k], from.right) * scale,
              middle - dot(p[k], from.up) * scale,
              dot(p[k], towards) * scale,
              {1, 1, 1}};
      if (!colours.empty())
        c[k].light =
            vec3<double>{1.0 * colours[v].red, 1.0 * colours[v].green, 1.0 * colours[v].blue} * (1 / 255.0);
    }
    const double area = (c[1].x - c[0].x) * (c[2].y - c[0].y) - (c[2].x - c[0].x) * (c[1].y - c[0].y);
    if (!(area < 0)) continue;  // the back of the face
    const double light = stepped(dot(normalized(cross(p[1] - p[0], p[2] - p[0])), lamp));
    const auto first = [&](double a, double b, double d) {
      return std::max<index_t>(0, static_cast<index_t>(std::min({a, b, d})));
    };
    const auto end = [&](double a, double b, double d) {
      return std::min<index_t>(size, static_cast<index_t>(std::max({a, b, d})) + 1);
    };
    for (index_t j = first(c[0].y, c[1].y, c[2].y); j < end(c[0].y, c[1].y, c[2].y); ++j)
      for (index_t i = first(c[0].x, c[1].x, c[2].x); i < end(c[0].x, c[1].x, c[2].x); ++i) {
        const double u = static_cast<double>(i) + 0.5, v = static_cast<double>(j) + 0.5;
        const double b = ((u - c[0].x) * (c[2].y - c[0].y) - (c[2].x - c[0].x) * (v - c[0].y)) / area;
        const double d = ((c[1].x - c[0].x) * (v - c[0].y) - (u - c[0].x) * (c[1].y - c[0].y)) / area;
        if (b < 0 || d < 0 || b + d > 1) continue;
        const double depth = c[0].depth + b * (c[1].depth - c[0].depth) + d * (c[2].depth - c[0].depth);
        double& front = nearest[static_cast<std::size_t>(j * size + i)];
        if (depth <= front) continue;
        front = depth;
        const vec3<double> rgb =
            (c[0].light * (1 - b - d) + c[1].light * b + c[2].light * d) * (255 * std::min(light, 1.0));
        to.mix(left + i, top + j,
               {static_cast<std::uint8_t>(rgb[0]), static_cast<std::uint8_t>(rgb[1]),
                static_cast<std::uint8_t>(rgb[2])},
               1);
      }
  }
}

}  // namespace diffam::program
