// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Checks whether labelled centres can belong to one spine. The readers of centre files and the start of a fit
// use it.
#pragma once

#include <cmath>
#include <optional>
#include <string>

#include "diffam/spine/labels.hpp"

namespace diffam::spine {

/// Two body centres closer than this (mm) are one vertebra given twice; the closest real ones are 10 mm
/// apart.
inline constexpr double least_centre_distance = 3;

/// Why a list of centres cannot be a spine, as parts of a message: *field: expected ..., found ...*.
struct chain_problem {
  std::string field;
  std::string expected;
  std::string found;
};

/// The first problem of `c` (sorted from head to foot), or nothing. `superior` is the direction towards the
/// head in the world frame.
inline std::optional<chain_problem> find_chain_problem(const centroid_list& c,
                                                       const vec3<double>& superior = {0, 0, 1}) {
  const auto name = [&](std::size_t i) { return label_name(c[i].label); };
  if (c.empty()) return chain_problem{"centres", "one or more", "none"};
  for (const auto& x : c) {
    if (!is_vertebra_label(x.label))
      return chain_problem{"label", "a vertebra's number, 1 to 25 or 28", std::to_string(x.label)};
    if (!(std::isfinite(x.position[0]) && std::isfinite(x.position[1]) && std::isfinite(x.position[2])))
      return chain_problem{label_name(x.label), "a place", "not a number"};
  }
  for (std::size_t i = 0; i < c.size(); ++i)
    for (std::size_t j = i + 1; j < c.size(); ++j) {
      if (c[i].label == c[j].label) return chain_problem{name(i), "one centre", "two"};
      if (norm(c[i].position - c[j].position) < least_centre_distance)
        return chain_problem{name(i) + " and " + name(j), "centres in two places", "both at one"};
    }
  for (std::size_t i = 2; i < c.size(); ++i)  // successive steps along a spine never point against each other
    if (dot(c[i - 2].position - c[i - 1].position, c[i - 1].position - c[i].position) <= 0)
      return chain_problem{"order", "centres that follow each other along the spine",
                           "a turn back at " + name(i - 1) + ": are labels exchanged?"};
  if (c.size() > 1 && dot(c.front().position - c.back().position, superior) <= 0)
    return chain_problem{"order", name(0) + " above " + name(c.size() - 1),
                         "it below: is the image upside down?"};
  return {};
}

}  // namespace diffam::spine
