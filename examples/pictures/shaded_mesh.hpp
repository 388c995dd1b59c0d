// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A mesh as a solid with light and shadow, seen along an axis (orthographic projection, depth buffer).
#pragma once

#include <vector>

#include "canvas.hpp"
#include "diffam/mesh/triangle_mesh.hpp"

namespace diffam::program {

/// Directions of the picture in the mesh's frame: unit vectors at right angles. The viewer looks along
/// up x right.
struct viewpoint {
  vec3<double> right, up;
};

/// Draws into the square of `size` pixels whose upper left corner is (x, y). `centre` lies in its middle,
/// `scale` is pixels per unit of length. One colour a vertex; none: grey.
void draw_shaded_mesh(canvas& to, index_t x, index_t y, index_t size, const triangle_mesh<double>& mesh,
                      const viewpoint& from, const vec3<double>& centre, double scale,
                      const std::vector<colour>& colours = {});

}  // namespace diffam::program
