// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The blur of thick slices: a voxel shows the mean over the thickness of its slice, which a function of the
// distance at the voxel's centre cannot express. The fit compares the image with the mean of several
// predictions along the thickness (sdf/segment_points.hpp). It is an addition to the paper's method.
#pragma once

#include <algorithm>
#include <cmath>

#include "diffam/image/grid.hpp"

namespace diffam::spine {

/// Where the predictions for one sample of the image lie.
struct slice_mean {
  vec3<double> along{};  // segment, mm
  index_t points = 1;    // predictions
};

/// Slices at least this thick, and twice as thick as their pixels, count as thick. Thinner ones gain nothing
/// (docs/results.md).
inline constexpr double thick_slice_mm = 4;

/// `points` predictions along the thickness of a slice, where the slices of `image` are thick; else one. The
/// thickness is the distance of the slices.
inline slice_mean slice_mean_of(const grid& image, index_t points) {
  const vec3<double> spacing = image.spacing();
  int axis = 0;
  for (int a = 1; a < 3; ++a)
    if (spacing[a] > spacing[axis]) axis = a;
  const double pixel = std::max(spacing[(axis + 1) % 3], spacing[(axis + 2) % 3]);
  if (points < 2 || spacing[axis] < std::max(thick_slice_mm, 2 * pixel)) return {};
  return {{image.axes(0, axis), image.axes(1, axis), image.axes(2, axis)}, points};
}

}  // namespace diffam::spine
