// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The surface of a label as a mesh in world coordinates (mm), by marching tetrahedra. The surface lies half
// way between inside and outside voxels. Voxels beyond the border of the volume count as outside.
#pragma once

#include "diffam/image/label_box.hpp"
#include "diffam/image/marching_tetrahedra.hpp"

namespace diffam::metrics {

/// A closed mesh; empty if the volume does not have the label. `where` is the label's bounding box from
/// `label_boxes(labels)`.
inline triangle_mesh<double> label_surface(const volume<std::uint8_t>& labels, int label,
                                           const label_box& where) {
  if (where.empty()) return {};
  const grid& g = labels.geometry;
  grid box;  // the label's bounding box plus one voxel on each side, in voxels
  for (int a = 0; a < 3; ++a) {
    box.size[a] = where.last[a] - where.first[a] + 3;
    box.origin[a] = static_cast<double>(where.first[a] - 1);
  }
  const auto occupied = [&](const vec3<double>& p) {
    index_t i[3];
    for (int a = 0; a < 3; ++a) {
      i[a] = static_cast<index_t>(p[a]);
      if (p[a] < 0 || i[a] >= g.size[a]) return 1.0;
    }
    return labels.at(i[0], i[1], i[2]) == label ? -1.0 : 1.0;
  };
  triangle_mesh<double> mesh = marching_tetrahedra(occupied, box);
  for (auto& v : mesh.vertices) v = g.to_world(v);
  if (determinant(g.axes) < 0)
    for (auto& f : mesh.faces) std::swap(f[1], f[2]);
  return mesh;
}

/// The same for a single label from 1 to 255; it computes the bounding box itself. Throws `error` for another
/// label.
inline triangle_mesh<double> label_surface(const volume<std::uint8_t>& labels, int label) {
  if (label < 1 || label > 255)
    throw error("label surface: expected a label from 1 to 255, got " + std::to_string(label));
  return label_surface(labels, label, label_boxes(labels)[static_cast<std::size_t>(label)]);
}

}  // namespace diffam::metrics
