// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The volume of golden/image.json as a scale space without blur, in double.
#pragma once

#include "diffam/exec/serial.hpp"
#include "diffam/image/scale_space.hpp"
#include "support/golden.hpp"

namespace diffam::test {

/// The list "vol" has the index order [ix, iy, iz]. Voxel centres are at origin + index * spacing, in unit
/// lengths.
inline volume<double> golden_volume(const golden& g) {
  const std::vector<double> vol = g.numbers("vol"), origin = g.numbers("origin"),
                            spacing = g.numbers("spacing");
  grid geometry;
  geometry.size = {12, 10, 8};
  for (int a = 0; a < 3; ++a) {
    geometry.axes(a, a) = spacing[static_cast<std::size_t>(a)] * unit_length_mm;
    geometry.origin[a] = origin[static_cast<std::size_t>(a)] * unit_length_mm;
  }
  volume<double> v(geometry);
  std::size_t n = 0;
  for (index_t i = 0; i < 12; ++i)
    for (index_t j = 0; j < 10; ++j)
      for (index_t k = 0; k < 8; ++k) v.at(i, j, k) = vol[n++];
  return v;
}

/// The scale space on policy `e`.
template <class Gradient = central_difference, class Exec = exec::serial>
scale_space<double, Exec, Gradient, double> golden_space(const Exec& e = {}) {
  return {e, fully_measured(golden_volume(golden("image"))), {.sigma = 0, .levels = 1}};
}

}  // namespace diffam::test
