// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A volume in host memory: voxels and their positions.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "diffam/image/grid.hpp"

namespace diffam {

/// Voxels in host memory, with their grid.
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

/// A resampled volume with a mask of the measured voxels.
template <class T>
struct masked_volume {
  volume<T> values;                  // outside the field of view: the nearest measured value
  std::vector<std::uint8_t> inside;  // 1 if a voxel is in the field of view, else 0; empty: all are inside
  grid field_of_view;                // the grid of the original image
};

/// Makes a volume whose voxels are all measured.
template <class T>
masked_volume<T> fully_measured(volume<T> v) {
  const grid g = v.geometry;
  return {std::move(v), {}, g};
}

}  // namespace diffam
