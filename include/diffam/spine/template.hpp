// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The built-in template: a lumbar-like vertebra made by code, so that a fit needs no file. Closed, oriented
// outward, genus 1 (the vertebral canal), even triangles, mm, origin at the body's centre, x right, y
// anterior, z superior, for centres 34.3 mm apart. The same parameters make the same vertices and faces every
// time: that is what makes vertex k one anatomical point in all cases.
#pragma once

#include "diffam/image/marching_tetrahedra.hpp"
#include "diffam/mesh/check.hpp"
#include "diffam/mesh/remesh.hpp"
#include "diffam/spine/detail/lumbar_shape.hpp"

namespace diffam::spine {

struct template_params {
  double edge_length = 2.25;  // mm, from 1.5 (5,600 vertices) to 3 (1,400); the default makes about 2,500
};

inline triangle_mesh<double> make_template(const template_params& p = {}) {
  if (!(p.edge_length >= 1.5 && p.edge_length <= 3))
    throw error("make_template: expected an edge length from 1.5 to 3 mm, got " +
                std::to_string(p.edge_length));
  const double cell = 0.6 * p.edge_length;  // fine enough for the thinnest part, a process of 5 mm
  const vec3<double> low{-48, -68, -30}, high{48, 26, 28};
  grid g;
  for (int a = 0; a < 3; ++a) {
    g.size[a] = static_cast<index_t>((high[a] - low[a]) / cell) + 2;
    g.axes(a, a) = cell;
    g.origin[a] = low[a] + 0.3 * cell;  // off the shape's plane of symmetry
  }
  const detail::lumbar_shape shape;
  triangle_mesh<double> mesh = remesh(shape, marching_tetrahedra(shape, g), {.edge_length = p.edge_length});
  const mesh_report report = check_mesh(mesh);
  if (!report.ok() || report.genus != 1 || report.components != 1)
    throw error("make_template: the mesh is not a closed surface of genus 1", error_kind::internal);
  return mesh;
}

}  // namespace diffam::spine
