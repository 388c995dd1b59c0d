// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The values of a CT at positions of the world, within an intensity window.
#pragma once

#include <algorithm>
#include <limits>

#include "diffam/image/trilinear.hpp"
#include "diffam/image/volume_part.hpp"

namespace diffam {

/// Reads a CT at any position: the trilinear interpolant, clamped to a window. The voxels must live longer.
class windowed_image {
 public:
  /// `ct`: HU; may hold a part of the image, with at least one voxel. Values below `low` HU count as `low`,
  /// values above `high` HU as `high`.
  windowed_image(const volume_view<float>& ct, double low, double high)
      : voxels_{ct.voxels, ct.kept.size}, to_index_(inverse(ct.geometry.axes)), low_(low), high_(high) {
    const auto& f = ct.kept.first;
    first_ = ct.geometry.to_world(
        {static_cast<double>(f[0]), static_cast<double>(f[1]), static_cast<double>(f[2])});
  }

  /// The value at a point, world mm; NaN where the image has none.
  double operator()(const vec3<double>& p) const {
    const vec3<double> x = to_index_ * (p - first_);
    for (int a = 0; a < 3; ++a)
      if (!(x[a] >= -0.5 && x[a] <= static_cast<double>(voxels_.size[a]) - 0.5))
        return std::numeric_limits<double>::quiet_NaN();
    return std::clamp(trilinear_value(voxels_, x, read_voxel<double, float>{voxels_.data}), low_, high_);
  }

 private:
  voxel_view<float> voxels_;
  mat3<double> to_index_;
  vec3<double> first_;
  double low_, high_;
};

}  // namespace diffam
