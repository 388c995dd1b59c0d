// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What the pictures of the tutorial have in common, on top of examples/pictures.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "pictures/curve_plot.hpp"
#include "pictures/shaded_mesh.hpp"
#include "pictures/spine_section.hpp"

namespace tutorial {

using namespace diffam::program;
namespace d = diffam;

/// Where the picture goes: the program's argument, or the current folder.
std::filesystem::path folder(int argc, char** argv);
void save(const canvas& picture, const std::filesystem::path& file);

/// The sagittal or coronal plane through `centre` (mm): `width` x `height` mm, `scale` pixels a mm. Anterior,
/// or the patient's right, is left.
spine_section plane_through(section_kind kind, const d::vec3<double>& centre, double width, double height,
                            double scale);

/// Blue below 0, red above, darker farther from it; in ten steps up to `full`.
colour signed_colour(double value, double full);
/// A line with a head.
void arrow(canvas& to, double x0, double y0, double x1, double y1, colour c);

struct panel {
  std::string title;
  canvas picture;
};
/// Pictures from left to right, each below its title, in rows of `a_row`; a heading above all.
canvas sheet(const std::string& heading, const std::vector<panel>& panels, std::size_t a_row);

}  // namespace tutorial
