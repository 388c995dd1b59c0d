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
  bool centre = false;      // whether the place is the body's centre, and not only somewhere in the vertebra
};

namespace find {

/// The vertebra of each pin. Throws `error` (bad data) where none is within `reach` mm.
inline std::vector<std::size_t> pinned_vertebrae(const std::vector<vertebra_evidence>& v,
                                                 const std::vector<level_pin>& pins, double reach) {
  std::vector<std::size_t> out;
  for (const level_pin& pin : pins) {
    std::size_t nearest = 0;
    for (std::size_t i = 1; i < v.size(); ++i)
      if (norm(v[i].centre - pin.position) < norm(v[nearest].centre - pin.position)) nearest = i;
    if (v.empty() || !(norm(v[nearest].centre - pin.position) <= reach))  // NaN is out of reach
      throw error("pins: expected a vertebra within " + std::to_string(static_cast<int>(reach)) +
                      " mm of the pin " + label_name(pin.label) + ", found none",
                  error_kind::bad_data);
    out.push_back(nearest);
  }
  return out;
}

/// Keeps the readings that give each pin's vertebra, of `pinned_vertebrae`, its name. Throws `error` (bad
/// data) where none does: it names the first two pins that no reading has together.
inline void keep_pinned(std::vector<reading>& readings, const std::vector<std::size_t>& vertebrae,
                        const std::vector<level_pin>& pins) {
  const auto has = [&](const reading& r, std::size_t p) { return r.labels[vertebrae[p]] == pins[p].label; };
  const auto fail = [&](const std::string& names) {
    throw error("pins: expected levels that the vertebrae in this image can have" +
                    std::string(pins.size() > 1 ? " together" : "") + ", got " + names,
                error_kind::bad_data);
  };
  const auto name = [&](std::size_t p) { return label_name(pins[p].label); };
  for (std::size_t a = 0; a < pins.size(); ++a) {
    if (std::none_of(readings.begin(), readings.end(), [&](const reading& r) { return has(r, a); }))
      fail(name(a));
    for (std::size_t b = 0; b < a; ++b)
      if (std::none_of(readings.begin(), readings.end(),
                       [&](const reading& r) { return has(r, a) && has(r, b); })) {
        const std::size_t upper = vertebrae[b] <= vertebrae[a] ? b : a, lower = a + b - upper;
        const std::size_t apart = vertebrae[lower] - vertebrae[upper];
        fail(apart == 0 ? name(b) + " and " + name(a) + " at one vertebra"
                        : name(upper) + " above " + name(lower) + ", with " + std::to_string(apart - 1) +
                              " vertebrae between them");
      }
  }
  std::string all;
  for (std::size_t p = 0; p < pins.size(); ++p) all += (p > 0 ? ", " : "") + name(p);
  std::erase_if(readings, [&](const reading& r) {
    for (std::size_t p = 0; p < pins.size(); ++p)
      if (!has(r, p)) return true;
    return false;
  });
  if (readings.empty()) fail(all);
}

}  // namespace find

}  // namespace diffam::spine
