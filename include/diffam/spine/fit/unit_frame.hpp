// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The frame of the fit: world mm, moved to a centre near the data (for the precision of float) and divided by
// the unit of length, 64 mm (Kim & Park 2024, section 2.4).
#pragma once

#include "diffam/image/grid.hpp"
#include "diffam/image/trilinear.hpp"
#include "diffam/spine/pose.hpp"

namespace diffam::spine {

/// Maps between world mm and the frame of the fit.
struct unit_frame {
  vec3<double> centre{};  // world mm
  double unit = unit_length_mm;

  vec3<double> from_world(const vec3<double>& p) const { return (p - centre) * (1 / unit); }
  vec3<double> to_world(const vec3<double>& p) const { return p * unit + centre; }

  /// The same voxels with positions relative to the centre, still in mm: samplers divide by the unit
  /// themselves.
  grid from_world(grid g) const {
    g.origin -= centre;
    return g;
  }
};

}  // namespace diffam::spine
