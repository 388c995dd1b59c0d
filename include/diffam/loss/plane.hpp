// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Planes at the ends of the labelled chain of vertebrae. Beyond such a plane lies a bone that no mesh
// represents. Therefore the fit keeps meshes and samples before the plane.
#pragma once

#include "diffam/core/vec.hpp"

namespace diffam {

/// A plane through `point`. The side of `outward`, a unit vector, is "beyond" the plane, the other side
/// "before" it.
template <class T>
struct plane {
  vec3<T> point, outward;

  /// Signed distance of p to the plane: positive beyond, negative before.
  DIFFAM_HOST_DEVICE T beyond(const vec3<T>& p) const { return dot(p - point, outward); }
};

/// A sample mask of `sampled_target`: true for points before both planes (a chain has two ends). Without
/// planes it is true for all points.
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

/// A sample mask that is true for all points.
struct all_points {
  template <class P>
  DIFFAM_HOST_DEVICE constexpr bool operator()(const P&) const {
    return true;
  }
};

}  // namespace diffam
