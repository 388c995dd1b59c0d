// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A volume in ordinary memory: voxels and where they are.
#pragma once

#include <cstdint>
#include <utility>
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

/// A volume that was resampled, and what of it was measured.
template <class T>
struct masked_volume {
  volume<T> values;                  // outside the field of view: the nearest measured value
  std::vector<std::uint8_t> inside;  // 1 where a voxel is in the field of view; empty where all are
  grid field_of_view;                // the image that the values come from
};

/// A volume that is its own field of view.
template <class T>
masked_volume<T> fully_measured(volume<T> v) {
  const grid g = v.geometry;
  return {std::move(v), {}, g};
}

}  // namespace diffam
