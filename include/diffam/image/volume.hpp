// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A volume in ordinary memory: voxels and where they are.
#pragma once

#include <vector>

#include "diffam/image/grid.hpp"

namespace diffam {

template <class T>  // voxel type: float for intensities, std::uint8_t for labels
struct volume {
  grid geometry;
  std::vector<T> voxels;  // i runs fastest, then j, then k

  volume() = default;
  explicit volume(const grid& g, T value = T{})
      : geometry(g), voxels(static_cast<std::size_t>(g.voxel_count()), value) {}

  T& at(index_t i, index_t j, index_t k) {
    return voxels[static_cast<std::size_t>(geometry.linear(i, j, k))];
  }
  const T& at(index_t i, index_t j, index_t k) const {
    return voxels[static_cast<std::size_t>(geometry.linear(i, j, k))];
  }
};

}  // namespace diffam
