// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Where voxels are in the world: any invertible affine map. Voxel (i, j, k) is a centre at an integer index;
// the world is RAS+ in mm.
#pragma once

#include "diffam/core/vec.hpp"

namespace diffam {

struct grid {
  vec<index_t, 3> size{};                        // voxels along i, j, k
  mat3<double> axes = mat3<double>::identity();  // column a: world step of one voxel along axis a, mm
  vec3<double> origin{};                         // world position of voxel (0, 0, 0), mm

  index_t voxel_count() const { return size[0] * size[1] * size[2]; }
  index_t linear(index_t i, index_t j, index_t k) const { return i + size[0] * (j + size[1] * k); }

  vec3<double> to_world(const vec3<double>& index) const { return axes * index + origin; }
  vec3<double> to_index(const vec3<double>& world) const { return inverse(axes) * (world - origin); }

  /// Length of one voxel along each axis, mm.
  vec3<double> spacing() const {
    const mat3<double> t = transpose(axes);
    return {norm(t.row[0]), norm(t.row[1]), norm(t.row[2])};
  }
};

}  // namespace diffam
