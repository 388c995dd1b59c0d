// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A range of a volume's voxels, and that part as a volume of its own.
#pragma once

#include <algorithm>
#include <string>

#include "diffam/image/volume.hpp"

namespace diffam {

struct voxel_box {
  vec<index_t, 3> first{};
  vec<index_t, 3> size{};

  bool empty() const { return size[0] <= 0 || size[1] <= 0 || size[2] <= 0; }
  index_t count() const { return size[0] * size[1] * size[2]; }
  bool operator==(const voxel_box&) const = default;
};

/// As much larger on both sides of axis a as `by[a]` voxels, within a volume of `size`.
inline voxel_box grown(const voxel_box& box, const vec<index_t, 3>& by, const vec<index_t, 3>& size) {
  voxel_box out;
  for (int a = 0; a < 3; ++a) {
    out.first[a] = std::max<index_t>(box.first[a] - by[a], 0);
    out.size[a] = std::min(box.first[a] + box.size[a] + by[a], size[a]) - out.first[a];
  }
  return out;
}

/// Where the voxels of a box are. Throws `error` where they are not all in the grid.
inline grid sub_grid(const grid& g, const voxel_box& box) {
  grid out = g;
  vec3<double> corner;
  for (int a = 0; a < 3; ++a) {
    const index_t first = box.first[a], last = first + box.size[a];
    if (first < 0 || box.size[a] < 1 || last > g.size[a])
      throw error("sub_grid: expected voxels in [0, " + std::to_string(g.size[a]) + ") along axis " +
                  std::to_string(a) + ", got [" + std::to_string(first) + ", " + std::to_string(last) + ")");
    out.size[a] = box.size[a];
    corner[a] = static_cast<double>(first);
  }
  out.origin = g.to_world(corner);
  return out;
}

/// The voxels of a box as a volume.
template <class To, class From>
volume<To> crop(const volume<From>& v, const voxel_box& box) {
  volume<To> out(sub_grid(v.geometry, box));
  for (index_t k = 0; k < box.size[2]; ++k)
    for (index_t j = 0; j < box.size[1]; ++j) {
      const From* from = &v.at(box.first[0], box.first[1] + j, box.first[2] + k);
      std::transform(from, from + box.size[0], &out.at(0, j, k), [](From x) { return static_cast<To>(x); });
    }
  return out;
}

}  // namespace diffam
