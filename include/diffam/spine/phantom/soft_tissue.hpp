// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The soft tissue of a generated CT: discs, muscle, fat, two great vessels, lungs, the trachea, and the air
// around the body. Borders are ellipses and circles around the curve of the spine. Sizes are those of an
// adult, chosen by eye.
#pragma once

#include "diffam/spine/phantom/skeleton.hpp"

namespace diffam::spine {

/// Hounsfield units before blur and noise.
struct phantom_tissue {
  double air = -1000, lung = -850, fat = -90, muscle = 50, vessel = 60, disc = 80, marrow = 200,
         cortex = 1300;
};

namespace detail {

class soft_tissue {
 public:
  /// For world heights from `bottom` to `top`, mm. Keeps a pointer to the chain.
  soft_tissue(const phantom_tissue& tissue, const std::vector<phantom_pose>& chain, double bottom, double top)
      : tissue_(tissue), chain_(&chain), bottom_(bottom) {
    for (double z = bottom; z < top + step; z += step) levels_.push_back(level_at(z));
  }

  double operator()(const vec3<double>& p) const {
    const auto i = static_cast<std::ptrdiff_t>((p[2] - bottom_) / step + 0.5);
    const auto last = static_cast<std::ptrdiff_t>(levels_.size()) - 1;
    const level& l = levels_[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(i, 0, last))];
    if (l.below > 0 && l.below < chain_->size() && in_disc((*chain_)[l.below - 1], (*chain_)[l.below], p))
      return tissue_.disc;
    const double x = std::abs(p[0] - l.spine[0]), y = p[1] - l.spine[1];
    const double depth = (1 - round(x, y - l.middle, l.half_width, l.half_depth)) * l.half_depth;
    if (depth < 0) return tissue_.air;
    if (depth < l.fat) return tissue_.fat;
    if (l.rank > 3 && l.rank < 12 && round(x, y - 30, 8, 8) < 1) return tissue_.air;  // the trachea
    if (l.rank > 13 && round(x - 11, y - 32, 9, 9) < 1) return tissue_.vessel;
    if (in_lung(l, x, y)) return tissue_.lung;
    return l.rank > 8 && y > 21 && x < 35 ? tissue_.fat : tissue_.muscle;
  }

 private:
  static constexpr double step = 0.5;  // mm

  /// The cross-section of the body at one height, mm.
  struct level {
    vec3<double> spine{};   // the curve: straight between centres
    std::size_t below = 0;  // index of the first bone below
    double rank = 0;
    double half_width = 0, half_depth = 0, middle = 0, fat = 0;  // the skin's ellipse; fat under it
    phantom_chest chest{0};
  };

  /// Less than 1 inside the ellipse with the half axes a and b.
  static double round(double x, double y, double a, double b) {
    return std::sqrt(x * x / (a * a) + y * y / (b * b));
  }

  level level_at(double z) const {
    constexpr vec<double, 2> widths[] = {{1, 75}, {6, 62}, {8, 110}, {10, 150}};
    constexpr vec<double, 2> depths[] = {{1, 85}, {6, 64}, {9, 95}, {12, 112}, {19, 108}, {21, 105}};
    constexpr vec<double, 2> middles[] = {{1, 8}, {6, 2}, {9, 24}, {12, 40}, {19, 28}, {21, 15}};
    constexpr vec<double, 2> fats[] = {{1, 6}, {8, 8}, {18, 8}, {21, 14}};
    level l;
    while (l.below < chain_->size() && (*chain_)[l.below].centre[2] > z) ++l.below;
    const phantom_pose &a = (*chain_)[l.below == 0 ? 0 : l.below - 1],
                       &b = (*chain_)[std::min(l.below, chain_->size() - 1)];
    const double rise = a.centre[2] - b.centre[2], share = rise > 0 ? (a.centre[2] - z) / rise : 0;
    l.spine = a.centre + (b.centre - a.centre) * share;
    l.rank = a.rank + (b.rank - a.rank) * share;
    l.half_width = along_the_spine(widths, l.rank), l.half_depth = along_the_spine(depths, l.rank);
    l.middle = along_the_spine(middles, l.rank), l.fat = along_the_spine(fats, l.rank);
    l.chest = phantom_chest(l.rank - label::c7);
    return l;
  }

  /// Inside the chest, lateral of the bodies and the heart, in front of the muscles of the back, and above
  /// the diaphragm, which slopes down to the back.
  static bool in_lung(const level& l, double x, double y) {
    constexpr double wall = 9, beside_body = 22;
    if (l.rank < 7.5 || l.rank > 18.5 - 0.03 * (y + 30)) return false;
    if (x < beside_body + (y > 10 ? std::min(0.5 * (y - 10), 14.0) : 0)) return false;
    if (round(x, y + 36, 50, 24) < 1) return false;
    const phantom_chest& c = l.chest;
    return c.half_width > 20 && round(x, y - c.middle(), c.half_width - wall, c.half_depth - wall) < 1;
  }

  static bool in_disc(const phantom_pose& above, const phantom_pose& below, const vec3<double>& p) {
    const vec3<double> a = above.local(p), b = below.local(p);
    if (above.rank < 2 || a[2] > 0 || b[2] < 0) return false;
    return round((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (above.body[0] + below.body[0]) / 2,
                 (above.body[1] + below.body[1]) / 2) < 0.98;
  }

  phantom_tissue tissue_;
  const std::vector<phantom_pose>* chain_;
  double bottom_;
  std::vector<level> levels_;
};

}  // namespace detail
}  // namespace diffam::spine
