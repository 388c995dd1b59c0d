// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Maps Hounsfield units to relative intensities: a window to [0, 1], clipped.
#pragma once

#include <string>

#include "diffam/exec/policy.hpp"
#include "diffam/image/volume.hpp"

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

}  // namespace diffam
