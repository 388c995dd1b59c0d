// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Intensity windows of a CT: voxels mapped from a window of Hounsfield units to [0, 1], and a CT that is read
// at positions of the world within a window.
#pragma once

#include <algorithm>
#include <limits>
#include <string>

#include "diffam/exec/policy.hpp"
#include "diffam/image/trilinear.hpp"
#include "diffam/image/volume_part.hpp"

namespace diffam {

/// A window of CT values.
struct intensity_window {
  double low = -200;   // HU; mapped to 0
  double high = 1000;  // HU; mapped to 1
};

/// (hu - low) / (high - low), clipped to [0, 1]; NaN becomes 0.
template <class T>
DIFFAM_HOST_DEVICE T window_value(T hu, T low, T scale) {
  const T x = (hu - low) * scale;
  if (!(x > T(0))) return T(0);
  return x < T(1) ? x : T(1);
}

template <class T>
struct normalize_kernel {
  T* voxels;
  T low, scale;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const { voxels[i] = window_value(voxels[i], low, scale); }
};

/// Maps the voxels of `v` in place. Throws `diffam::error` if the window is empty.
template <exec::policy Host, real T>
void normalize(const Host& e, volume<T>& v, const intensity_window& w = {}) {
  if (!(w.high > w.low))
    throw error("normalize: expected low < high, got " + std::to_string(w.low) + " and " +
                std::to_string(w.high));
  const auto scale = static_cast<T>(1 / (w.high - w.low));
  e.for_each_index(static_cast<index_t>(v.voxels.size()),
                   normalize_kernel<T>{v.voxels.data(), static_cast<T>(w.low), scale}, 1 << 14);
}

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
