// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Three letters for the axes of a grid. Letter i is the side of the patient towards which axis i grows.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include "diffam/image/grid.hpp"

namespace diffam::io {

/// The axes of a grid, each matched with one axis of the patient.
struct axis_codes {
  vec<int, 3> world{0, 1, 2};  // for axis i: 0 left-right, 1 back-front, 2 foot-head
  vec<int, 3> sign{1, 1, 1};   // +1: the axis grows towards R, A or S

  std::string letters() const {
    std::string s;
    for (int i = 0; i < 3; ++i) s += (sign[i] > 0 ? "RAS" : "LPI")[world[i]];
    return s;
  }
  friend constexpr bool operator==(const axis_codes&, const axis_codes&) = default;
};

/// Parses letters such as "PIR", in upper or lower case. Nothing where an axis is missing, occurs twice or is
/// unknown.
inline std::optional<axis_codes> axis_codes_from(std::string_view letters) {
  if (letters.size() != 3) return {};
  axis_codes out;
  int seen = 0;
  for (int i = 0; i < 3; ++i) {
    const char c = letters[static_cast<std::size_t>(i)];
    const auto at = std::string_view("RASLPIraslpi").find(c);
    if (at == std::string_view::npos) return {};
    out.world[i] = static_cast<int>(at % 3);
    out.sign[i] = at % 6 < 3 ? 1 : -1;
    seen |= 1 << out.world[i];
  }
  if (seen != 7) return {};
  return out;
}

/// The codes closest to a grid, which may be oblique: of the six ways to match its axes with those of the
/// patient, the one with the largest sum of cosines.
inline axis_codes axis_codes_of(const grid& g) {
  constexpr int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  const vec3<double> spacing = g.spacing();
  axis_codes out;
  double best = -1;
  for (const auto& order : orders) {
    double sum = 0;
    for (int i = 0; i < 3; ++i) sum += std::abs(g.axes(order[i], i)) / spacing[i];
    if (!(sum > best + 1e-9)) continue;
    best = sum;
    for (int i = 0; i < 3; ++i) {
      out.world[i] = order[i];
      out.sign[i] = g.axes(order[i], i) < 0 ? -1 : 1;
    }
  }
  return out;
}

}  // namespace diffam::io
