// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Draws a mesh as a shaded solid (orthographic projection, depth buffer).
#pragma once

#include <vector>

#include "canvas.hpp"
#include "diffam/mesh/triangle_mesh.hpp"

namespace diffam::program {

/// Directions of the picture in the frame of the mesh: orthogonal unit vectors. The viewer looks along up x
/// right.
struct viewpoint {
  vec3<double> right, up;
};

/// Draws into the square of `size` pixels whose upper left corner is (x, y). `centre` is in the middle of the
/// square; `scale` is in pixels per unit of length. `colours`: one for each vertex; empty: grey.
void draw_shaded_mesh(canvas& to, index_t x, index_t y, index_t size, const triangle_mesh<double>& mesh,
                      const viewpoint& from, const vec3<double>& centre, double scale,
                      const std::vector<colour>& colours = {});

}  // namespace diffam::program
