// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The edge of a bone on a line through its surface: where the image, followed outward, falls below a level
// between the brightest value near the surface (the cortex) and the darkest value behind it.
#pragma once

#include <array>
#include <cmath>

#include "diffam/image/window.hpp"

namespace diffam::spine {

/// The values of a CT on a line along the outward normal of a surface point, HU.
struct cortex_profile {
  static constexpr double step_mm = 0.25;
  static constexpr int before = 8, cortex = 6,
                       behind = 14;  // samples: inside; outside, for the brightest; after it
  static constexpr int count = before + 1 + cortex + behind;

  std::array<double, count> value;
  double brightest, darkest;  // within 2 mm inside and 1.5 mm outside; within 3.5 mm behind it

  /// `n`: unit vector. A profile that leaves the image at the surface or inside has no values; see
  /// `measured`.
  cortex_profile(const windowed_image& image, const vec3<double>& p, const vec3<double>& n) {
    int peak = 0;
    for (int s = 0; s < count; ++s) {
      value[at(s)] = image(p + n * mm(s));
      if (std::isnan(value[at(s)]) && s > 0) value[at(s)] = value[at(s - 1)];  // the image ends here
      if (s <= before + cortex && value[at(s)] > value[at(peak)]) peak = s;
    }
    brightest = darkest = value[at(peak)];
    for (int s = peak; s < count && s <= peak + behind; ++s)
      if (value[at(s)] < darkest) darkest = value[at(s)];
  }

  bool measured() const { return !std::isnan(value[0]); }

  /// The outward distance, mm, of the falling edge at `level` that is nearest to the surface; 0 where none
  /// lies within `reach` mm.
  double edge(double level, double reach) const {
    double nearest = 0, least = reach;
    for (int s = 1; s < count; ++s) {
      const double high = value[at(s - 1)], low = value[at(s)];
      if (!(high > level && low <= level)) continue;
      const double t = mm(s - 1) + step_mm * (high - level) / (high - low);
      if (std::abs(t) <= least) nearest = t, least = std::abs(t);
    }
    return nearest;
  }

 private:
  static double mm(int s) { return step_mm * (s - before); }
  static std::size_t at(int s) { return static_cast<std::size_t>(s); }
};

}  // namespace diffam::spine
