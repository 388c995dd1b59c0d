// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Planes that bound where a vertebra at the end of the labelled chain may be and be looked for: beyond it
// lies a bone that no mesh stands for.
#pragma once

#include "diffam/core/vec.hpp"

namespace diffam {

/// What lies on the side of `outward`, a unit vector, is beyond.
template <class T>
struct plane {
  vec3<T> point, outward;

  /// How far p is beyond; negative before it.
  DIFFAM_HOST_DEVICE T beyond(const vec3<T>& p) const { return dot(p - point, outward); }
};

/// Points before both of up to two planes (a chain has two ends); all points where there are none. A sample
/// mask of `sampled_target`.
template <class T>
struct before_planes {
  plane<T> at[2]{};
  int count = 0;

  DIFFAM_HOST_DEVICE bool operator()(const vec3<T>& p) const {
    for (int i = 0; i < count; ++i)
      if (at[i].beyond(p) > T(0)) return false;
    return true;
  }
};

/// Every point counts.
struct all_points {
  template <class P>
  DIFFAM_HOST_DEVICE constexpr bool operator()(const P&) const {
    return true;
  }
};

}  // namespace diffam
