// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Names that the user gives: a pin says that the vertebra at a place has a name, and leaves the readings that
// agree.
#pragma once

#include "diffam/spine/find/naming.hpp"

namespace diffam::spine {

/// A vertebra of this level is at this place.
struct level_pin {
  int label = 0;
  vec3<double> position{};  // world, mm
};

namespace find {

/// Keeps the readings that give each pin's vertebra its name. Throws `error` (bad data) where none does.
inline void keep_pinned(std::vector<reading>& readings, const std::vector<vertebra_evidence>& v,
                        const std::vector<level_pin>& pins, double reach) {
  const auto fail = [](const std::string& what) {
    throw error("pins: expected " + what, error_kind::bad_data);
  };
  std::vector<std::pair<std::size_t, int>> wanted;
  for (const level_pin& pin : pins) {
    std::size_t nearest = 0;
    for (std::size_t i = 1; i < v.size(); ++i)
      if (norm(v[i].centre - pin.position) < norm(v[nearest].centre - pin.position)) nearest = i;
    if (v.empty() || !(norm(v[nearest].centre - pin.position) <= reach))  // NaN is out of reach
      fail("a vertebra within " + std::to_string(static_cast<int>(reach)) + " mm of the pin " +
           label_name(pin.label) + ", found none");
    for (const auto& [other, name] : wanted) {
      const bool same_place = other == nearest, same_name = name == pin.label;
      const bool order = (other < nearest) == (anatomical_rank(name) < anatomical_rank(pin.label));
      if (same_place != same_name || (!same_place && !order))
        fail("pins that agree, got " + label_name(name) + " and " + label_name(pin.label) +
             " against each other");
    }
    wanted.emplace_back(nearest, pin.label);
  }
  std::erase_if(readings, [&](const reading& r) {
    for (const auto& [i, name] : wanted)
      if (r.labels[i] != name) return true;
    return false;
  });
  if (!readings.empty() || wanted.empty()) return;
  std::string names;
  for (const auto& [i, name] : wanted) names += (names.empty() ? "" : " and ") + label_name(name);
  fail("pins that a spine can have together, got " + names + " with " + std::to_string(v.size()) +
       " vertebrae");
}

}  // namespace find

}  // namespace diffam::spine
