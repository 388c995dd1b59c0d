// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The surface of a label as a mesh in world mm: marching tetrahedra half way between voxels inside and
// outside, through the true affine map. The volume's border is outside.
#pragma once

#include "diffam/image/marching_tetrahedra.hpp"
#include "diffam/image/volume.hpp"

namespace diffam::metrics {

/// Closed; empty where the label is not in the volume.
inline triangle_mesh<double> label_surface(const volume<std::uint8_t>& labels, int label) {
  const grid& g = labels.geometry;
  vec<index_t, 3> first = g.size, last{-1, -1, -1};
  for (index_t k = 0; k < g.size[2]; ++k)
    for (index_t j = 0; j < g.size[1]; ++j)
      for (index_t i = 0; i < g.size[0]; ++i) {
        if (labels.at(i, j, k) != label) continue;
        const index_t at[3] = {i, j, k};
        for (int a = 0; a < 3; ++a) {
          first[a] = at[a] < first[a] ? at[a] : first[a];
          last[a] = at[a] > last[a] ? at[a] : last[a];
        }
      }
  if (last[0] < 0) return {};
  grid box;  // in voxels: the label's, and one more on each side
  for (int a = 0; a < 3; ++a) {
    box.size[a] = last[a] - first[a] + 3;
    box.origin[a] = static_cast<double>(first[a] - 1);
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

}  // namespace diffam::metrics
