// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The steps from each centre of a chain to the next one, measured against the table of distances
// (spine/anatomy/chain_spacing.hpp): the size of the spine, how many levels a step goes down, and steps that
// no spine has.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "diffam/spine/anatomy/chain_spacing.hpp"

namespace diffam::spine {

/// Limits of the logarithm of distance / expected distance. Of the steps of 2,114 scans, 95 % are within
/// 0.10. A collapsed vertebra has 0.15, a skipped or doubled one about 0.7.
struct step_limits {
  // No spine has a step that is longer or shorter than this, unless the next step makes up for it. An end
  // that was clicked 10 mm off towards its neighbour has -0.54.
  double impossible[2] = {-0.65, 0.5};
  double made_up = 0.2;  // deviation of two steps together, below which one makes up for the other
  bool excludes(double deviation) const { return deviation < impossible[0] || deviation > impossible[1]; }
};

/// Two neighbours that are so many times as far apart as in the table have a third vertebra between them: of
/// 2,114 scans of adults, sizes are 0.80 to 1.23.
inline constexpr double lacks_one_between[2] = {1.6, 2.5};

/// The step from one centre to the next one below.
struct chain_step {
  int levels = 1;           // from level to level; 1: neighbours
  double distance = 0;      // mm
  double expected = 0;      // mm, in a spine of this size; 0: the table is not reliable there
  double deviation = 0;     // log(distance / expected); 0 where nothing is expected
  bool made_up = false;     // together with a step beside it, it has the expected length
  bool impossible = false;  // a vertebra is missing, given twice, or wrongly named
};

/// Size of the spine with these centres (from head to foot) relative to the table: the median of the ratios
/// of all distances, which is robust against one wrong centre. Of two ratios that contradict each other, the
/// one closer to 1. Returns 1 where there are fewer than two centres. Returns 1 too where two neighbours are
/// all there is, and a centre between them is missing (`lacks_one_between`).
inline double spine_size(const centroid_list& centres) {
  const auto farther = [](double a, double b) { return std::abs(std::log(a)) > std::abs(std::log(b)); };
  std::vector<double> sure, unsure;
  for (std::size_t i = 0; i + 1 < centres.size(); ++i) {
    const int upper = centres[i].label, lower = centres[i + 1].label;
    const double ratio = norm(centres[i].position - centres[i + 1].position) / table_distance(upper, lower);
    const bool may_be_one_step = may_lack_one_between(upper, lower);
    const bool twice = may_be_one_step && ratio > 0 && farther(ratio, 2 * ratio);
    (has_table_distance(upper) && !may_be_one_step ? sure : unsure).push_back(twice ? 2 * ratio : ratio);
  }
  std::vector<double>& ratios = sure.empty() ? unsure : sure;
  if (ratios.empty()) return 1;
  std::sort(ratios.begin(), ratios.end());
  const std::size_t n = ratios.size();
  const bool neighbours =
      centres.size() == 2 && !sure.empty() && are_neighbours(centres.front().label, centres.back().label);
  if (neighbours && ratios[0] > lacks_one_between[0] && ratios[0] < lacks_one_between[1]) return 1;
  constexpr double contradict = 1.5;
  if (n == 2 && ratios[1] > contradict * ratios[0])
    return farther(ratios[0], ratios[1]) ? ratios[1] : ratios[0];
  return (ratios[(n - 1) / 2] + ratios[n / 2]) / 2;
}

/// The steps of a chain (from head to foot). Two levels with one between them count as neighbours where the
/// spine may lack that one and the distance says so. A step from C1 or C2 has an expected distance only where
/// it is longer than `largest_at_head`.
inline std::vector<chain_step> chain_steps(const centroid_list& centres, const step_limits& limits = {}) {
  const double size = spine_size(centres);
  const auto sure = std::count_if(centres.begin(), centres.end(),
                                  [](const centroid& c) { return has_table_distance(c.label); });
  // Fewer than three distances give an uncertain size. The head's steps are then compared with an adult's,
  // too.
  const double size_at_head = sure > 3 ? size : std::max(size, 1.0);
  std::vector<chain_step> steps;
  for (std::size_t i = 0; i + 1 < centres.size(); ++i) {
    const int upper = centres[i].label, lower = centres[i + 1].label;
    chain_step s{levels_apart(upper, lower), norm(centres[i].position - centres[i + 1].position)};
    const double named = size * table_distance(upper, lower);
    const bool one_step = may_lack_one_between(upper, lower) &&
                          std::abs(std::log(2 * s.distance / named)) < std::abs(std::log(s.distance / named));
    if (one_step) s.levels = 1;
    if (has_table_distance(upper)) {
      s.expected = one_step ? named / 2 : named;
      s.deviation = std::log(s.distance / s.expected);
    } else if (s.levels == 1 &&
               s.distance > largest_at_head(upper) * size_at_head * table_distance(upper, lower)) {
      s.expected = named;
      s.deviation = std::log(s.distance / named);
      s.impossible = true;
    }
    steps.push_back(s);
  }
  const auto makes_up = [&](const chain_step& a, const chain_step& b) {
    return b.expected > 0 &&
           std::abs(std::log((a.distance + b.distance) / (a.expected + b.expected))) < limits.made_up;
  };
  for (std::size_t i = 0; i < steps.size(); ++i) {
    steps[i].made_up = (i > 0 && makes_up(steps[i], steps[i - 1])) ||
                       (i + 1 < steps.size() && makes_up(steps[i], steps[i + 1]));
    steps[i].impossible = (steps[i].impossible || limits.excludes(steps[i].deviation)) && !steps[i].made_up;
  }
  return steps;
}

}  // namespace diffam::spine
