// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Points spread evenly over a surface.
#pragma once

#include <vector>

#include "diffam/mesh/triangle_mesh.hpp"

namespace diffam::spine {

/// Points of a surface and the normals there; each point stands for the same area.
struct spread_points {
  std::vector<vec3<double>> points, normals;
};

/// Takes `count` centroids of faces, at equal steps of the accumulated area in the order of the faces.
inline spread_points spread_over(const triangle_mesh<double>& mesh, int count) {
  std::vector<double> area_until;
  double sum = 0;
  const auto corner = [&](const face& f, int c) { return mesh.vertices[static_cast<std::size_t>(f[c])]; };
  const auto doubled_normal = [&](const face& f) {
    return cross(corner(f, 1) - corner(f, 0), corner(f, 2) - corner(f, 0));
  };
  for (const face& f : mesh.faces) area_until.push_back(sum += norm(doubled_normal(f)));
  spread_points out;
  std::size_t at = 0;
  for (int i = 0; i < count; ++i) {
    while (at + 1 < area_until.size() && area_until[at] < sum * (i + 0.5) / count) ++at;
    const face& f = mesh.faces[at];
    out.points.push_back((corner(f, 0) + corner(f, 1) + corner(f, 2)) * (1.0 / 3));
    out.normals.push_back(normalized(doubled_normal(f)));
  }
  return out;
}

}  // namespace diffam::spine
