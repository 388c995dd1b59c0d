// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Example 4: the built-in vertebrae. Writes one mesh for each level, and a picture of all of them from
// behind, from the right side and from above:
//
//   example_04_vertebra_family [FOLDER]      # default: the current folder; C1.ply ... L5.ply, vertebrae.png
#include <cstdio>
#include <filesystem>

#include "diffam/io/mesh_file.hpp"
#include "diffam/spine/template.hpp"
#include "pictures/shaded_mesh.hpp"

namespace d = diffam;

namespace {

constexpr int cell = 100;       // pixels of one view
constexpr double pixel = 1.05;  // size of a pixel in mm
constexpr int levels_a_row = 4, views = 3;

// From behind, from the right side, from above.
constexpr d::program::viewpoint seen_from[views] = {
    {{1, 0, 0}, {0, 0, 1}}, {{0, 1, 0}, {0, 0, 1}}, {{1, 0, 0}, {0, 1, 0}}};

}  // namespace

int main(int argc, char** argv) try {
  const std::filesystem::path folder = argc > 1 ? argv[1] : ".";
  std::vector<int> labels;
  for (int l = d::spine::label::c1; l <= d::spine::label::l5; ++l) labels.push_back(l);
  const auto vertebrae = d::spine::make_vertebrae(labels, {.spacing_mm = 0});  // natural size

  const int rows = (static_cast<int>(labels.size()) + levels_a_row - 1) / levels_a_row;
  d::program::canvas sheet(levels_a_row * views * cell, rows * cell, d::program::white);
  int place = 0;
  for (const auto& [label, mesh] : vertebrae) {
    d::io::write_mesh(folder / (d::spine::label_name(label) + ".ply"), mesh);
    for (int k = 0; k < views; ++k)
      draw_shaded_mesh(sheet, (place % levels_a_row * views + k) * cell, place / levels_a_row * cell, cell,
                       mesh, seen_from[k], {0, -20, 0}, 1 / pixel);
    ++place;
  }
  d::io::write_png(folder / "vertebrae.png", sheet.image());
  std::printf("wrote %zu meshes and vertebrae.png\n", vertebrae.size());
} catch (const std::exception& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
