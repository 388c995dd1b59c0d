// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Cubic Hermite interpolation with slopes from the neighbouring points (Catmull and Rom 1974).
#include "spine_curve.hpp"

#include <algorithm>

#include "diffam/core/error.hpp"

namespace diffam::program {

namespace {

constexpr double merge_below = 5;    // mm, height between two centres that count as one
constexpr double straight_for = 40;  // mm beyond the ends

}  // namespace

spine_curve::spine_curve(const spine::centroid_list& centres) {
  if (centres.empty()) throw error("spine_curve: expected at least one centre, got none");
  for (const auto& c : centres) points_.push_back(c.position);
  std::sort(points_.begin(), points_.end(), [](const auto& a, const auto& b) { return a[2] < b[2]; });
  std::vector<vec3<double>> apart;
  for (const auto& p : points_)
    if (apart.empty() || p[2] - apart.back()[2] >= merge_below) apart.push_back(p);
  points_ = std::move(apart);
}

double spine_curve::slope(int axis, std::size_t i) const {
  const std::size_t before = i > 0 ? i - 1 : 0, after = std::min(i + 1, points_.size() - 1);
  if (before == after) return 0;
  return (points_[after][axis] - points_[before][axis]) / (points_[after][2] - points_[before][2]);
}

double spine_curve::at(int axis, double z) const {
  const std::size_t last = points_.size() - 1;
  if (z <= lowest()) return points_[0][axis] + slope(axis, 0) * std::max(z - lowest(), -straight_for);
  if (z >= highest()) return points_[last][axis] + slope(axis, last) * std::min(z - highest(), straight_for);
  std::size_t i = 0;
  while (points_[i + 1][2] <= z) ++i;
  const double h = points_[i + 1][2] - points_[i][2], t = (z - points_[i][2]) / h;
  const double a = points_[i][axis], b = points_[i + 1][axis];
  const double da = h * slope(axis, i), db = h * slope(axis, i + 1);
  return a + t * (da + t * (3 * (b - a) - 2 * da - db + t * (2 * (a - b) + da + db)));
}

}  // namespace diffam::program
