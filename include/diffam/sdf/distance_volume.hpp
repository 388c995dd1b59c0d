// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Volumes of signed distances, negative inside: a closed mesh seen from the voxels of a grid, and such a
// volume read as a function of the place. Set-up code.
#pragma once

#include <algorithm>

#include "diffam/image/trilinear.hpp"
#include "diffam/image/volume.hpp"
#include "diffam/mesh/check.hpp"
#include "diffam/sdf/mesh_distance.hpp"

namespace diffam {

/// Distance of every voxel's centre to the mesh, in the mesh's unit (mm).
template <exec::policy Host>  // host policy
volume<float> distance_volume(const Host& e, const triangle_mesh<double>& mesh, const grid& g) {
  require_closed_mesh(mesh, "distance_volume");
  require_grid("distance_volume", g);
  volume<float> out(g);
  const index_t count = g.voxel_count(), piece = std::min<index_t>(count, 1 << 16);
  buffer<float> points(piece, 3);
  const mesh_distance<float, Host> component(mesh, points.get());
  const buffer<float> vertices = vertex_buffer<float>(mesh);
  planned<mesh_distance<float, Host>> memory(component, vertices.get().extent());
  for (index_t first = 0; first < count; first += piece) {
    const index_t n = std::min(piece, count - first);
    for (index_t i = 0; i < n; ++i) {
      const index_t v = first + i, j = v / g.size[0];
      const vec3<double> p =
          g.to_world({static_cast<double>(v % g.size[0]), static_cast<double>(j % g.size[1]),
                      static_cast<double>(j / g.size[1])});
      for (int k = 0; k < 3; ++k) points.get()(i, k) = static_cast<float>(p[k]);
    }
    component.forward(e, vertices.get(), memory.output, memory.workspace);
    std::copy_n(memory.output.data, n, out.voxels.data() + first);
  }
  return out;
}

/// A volume between its voxels (trilinear), a function of the world position; constant beyond its border.
class volume_function {
 public:
  /// Keeps a reference.
  explicit volume_function(const volume<float>& v)
      : view_{v.voxels.data(), v.geometry.size}, to_index_(world_to_index<double>(v.geometry, 1)) {}

  double operator()(const vec3<double>& p) const {
    return trilinear_value(view_, to_index_(p), read_voxel<double, float>{view_.data});
  }

 private:
  voxel_view<float> view_;
  affine_map<double> to_index_;
};

}  // namespace diffam
