// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The curve through the vertebral bodies as a function of height: x(z) and y(z), RAS+ in mm.
#pragma once

#include <vector>

#include "diffam/spine/centroid.hpp"

namespace diffam::program {

/// Cubic between the centres, straight for 40 mm beyond the ends, then vertical. With one centre it is
/// vertical.
class spine_curve {
 public:
  /// Requires at least one centre. Centres closer than 5 mm in height count as one.
  explicit spine_curve(const spine::centroid_list& centres);

  double lowest() const { return points_.front()[2]; }
  double highest() const { return points_.back()[2]; }
  /// x (axis 0) or y (axis 1) at height z.
  double at(int axis, double z) const;

 private:
  double slope(int axis, std::size_t i) const;

  std::vector<vec3<double>> points_;  // sorted by height
};

}  // namespace diffam::program
