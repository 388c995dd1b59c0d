// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Example 4: the built-in vertebrae. Writes one mesh for each level and a picture of all, each from behind,
// from its right side and from above:
//
//   example_04_vertebra_family [FOLDER]      # default: this folder; C1.ply ... L5.ply, vertebrae.png
#include <cstdio>
#include <filesystem>

#include "diffam/io/mesh_file.hpp"
#include "diffam/io/png.hpp"
#include "diffam/spine/template.hpp"

namespace d = diffam;

namespace {

constexpr int cell = 100;       // pixels of one view
constexpr double pixel = 0.95;  // mm
constexpr int levels_a_row = 4, views = 3;

struct view {
  d::vec3<double> right, up;  // of the picture, in the vertebra's frame
};
constexpr view seen_from[views] = {{{1, 0, 0}, {0, 0, 1}}, {{0, 1, 0}, {0, 0, 1}}, {{1, 0, 0}, {0, 1, 0}}};

/// Shaded triangles, the nearest one to a pixel wins.
void draw(d::io::rgb_image& sheet, int left, int top, const d::triangle_mesh<double>& mesh,
          const view& from) {
  const d::vec3<double> towards = cross(from.right, from.up);
  std::vector<double> nearest(cell * cell, -1e9);
  for (const d::face& f : mesh.faces) {
    double x[3], y[3], z[3];
    d::vec3<double> p[3];
    for (int k = 0; k < 3; ++k) {
      p[k] = mesh.vertices[static_cast<std::size_t>(f[k])] - d::vec3<double>{0, -16, 0};
      x[k] = cell / 2.0 + dot(p[k], from.right) / pixel, y[k] = cell / 2.0 - dot(p[k], from.up) / pixel;
      z[k] = dot(p[k], towards);
    }
    const double light = dot(normalized(cross(p[1] - p[0], p[2] - p[0])),
                             normalized(towards + from.up * 0.6 - from.right * 0.4));
    const double area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]);
    if (!(area < 0)) continue;  // seen from behind
    const auto least = [](const double(&a)[3]) { return static_cast<int>(std::min({a[0], a[1], a[2]})); };
    const auto most = [](const double(&a)[3]) { return static_cast<int>(std::max({a[0], a[1], a[2]})) + 1; };
    for (int j = std::max(0, least(y)); j < std::min(cell, most(y)); ++j)
      for (int i = std::max(0, least(x)); i < std::min(cell, most(x)); ++i) {
        const double u = i + 0.5, v = j + 0.5;
        const double b = ((u - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (v - y[0])) / area;
        const double c = ((x[1] - x[0]) * (v - y[0]) - (u - x[0]) * (y[1] - y[0])) / area;
        const double depth = z[0] + b * (z[1] - z[0]) + c * (z[2] - z[0]);
        double& front = nearest[static_cast<std::size_t>(j * cell + i)];
        if (b < 0 || c < 0 || b + c > 1 || depth <= front) continue;
        front = depth;
        const auto grey = static_cast<std::uint8_t>(8 * (5 + static_cast<int>(24 * std::max(0.0, light))));
        sheet.set(left + i, top + j, {grey, grey, grey});
      }
  }
}

}  // namespace

int main(int argc, char** argv) try {
  const std::filesystem::path folder = argc > 1 ? argv[1] : ".";
  std::vector<int> labels;
  for (int l = d::spine::label::c1; l <= d::spine::label::l5; ++l) labels.push_back(l);
  const auto vertebrae = d::spine::make_vertebrae(labels, {.spacing_mm = 0});  // natural size

  const int rows = (static_cast<int>(labels.size()) + levels_a_row - 1) / levels_a_row;
  d::io::rgb_image sheet(levels_a_row * views * cell, rows * cell, {255, 255, 255});
  int place = 0;
  for (const auto& [label, mesh] : vertebrae) {
    d::io::write_mesh(folder / (d::spine::label_name(label) + ".ply"), mesh);
    for (int k = 0; k < views; ++k)
      draw(sheet, (place % levels_a_row * views + k) * cell, place / levels_a_row * cell, mesh, seen_from[k]);
    ++place;
  }
  d::io::write_png(folder / "vertebrae.png", sheet);
  std::printf("wrote %zu meshes and vertebrae.png\n", vertebrae.size());
} catch (const std::exception& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
