// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The line through the vertebral bodies as a function of height: x(z) and y(z), RAS+ in mm.
#pragma once

#include <vector>

#include "diffam/spine/centroid.hpp"

namespace diffam::program {

/// Cubic between the centres, straight for a while beyond the ends, then upright. One centre: upright.
class spine_curve {
 public:
  /// At least one centre; centres closer than 5 mm in height count as one.
  explicit spine_curve(const spine::centroid_list& centres);

  double lowest() const { return points_.front()[2]; }
  double highest() const { return points_.back()[2]; }
  /// x (axis 0) or y (axis 1) at height z.
  double at(int axis, double z) const;

 private:
  double slope(int axis, std::size_t i) const;

  std::vector<vec3<double>> points_;  // by height
};

}  // namespace diffam::program
