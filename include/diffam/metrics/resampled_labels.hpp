// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Labels on voxels of another size. VerSe compares masks on voxels of 1 mm, each with the label of the
// nearest voxel (Sekuboyina et al., "VerSe: a vertebrae labelling and segmentation benchmark for
// multi-detector CT images", Med. Image Anal. 73, 2021).
#pragma once

#include <algorithm>
#include <cmath>

#include "diffam/image/isotropic_grid.hpp"
#include "diffam/image/volume.hpp"

namespace diffam::metrics {

/// The volume on cubic voxels of `spacing` mm along its own axes. Both grids have the same centre; the new
/// one has round(length / spacing) voxels along each axis, at least one. Throws `error` if the spacing is not
/// positive.
inline volume<std::uint8_t> resampled_labels(const volume<std::uint8_t>& labels, double spacing) {
  if (!(spacing > 0)) throw error("resampled labels: expected a positive spacing");
  const grid& g = labels.geometry;
  const vec3<double> own = g.spacing(), step{spacing / own[0], spacing / own[1], spacing / own[2]};
  const resized_grid made = with_voxels_of(g, step);
  const grid& to = made.geometry;
  const auto nearest = [&](int a, index_t i) {
    const auto at = static_cast<index_t>(std::floor(made.first[a] + step[a] * static_cast<double>(i) + 0.5));
    return std::clamp<index_t>(at, 0, g.size[a] - 1);
  };
  volume<std::uint8_t> out(to);
  std::size_t next = 0;
  for (index_t k = 0; k < to.size[2]; ++k)
    for (index_t j = 0; j < to.size[1]; ++j)
      for (index_t i = 0; i < to.size[0]; ++i)
        out.voxels[next++] = labels.at(nearest(0, i), nearest(1, j), nearest(2, k));
  return out;
}

}  // namespace diffam::metrics
