// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A generated CT around a leg: fat, muscle, one bone, and no spine.
#pragma once

#include <cmath>

#include "diffam/image/volume.hpp"

namespace diffam::test {

inline volume<std::int16_t> leg() {
  grid g;
  g.size = {40, 40, 40};
  for (int a = 0; a < 3; ++a) g.axes(a, a) = 2;
  volume<std::int16_t> image(g, -1000);
  for (index_t k = 0; k < 40; ++k)
    for (index_t j = 0; j < 40; ++j)
      for (index_t i = 0; i < 40; ++i) {
        const double r = std::hypot(static_cast<double>(i) - 20, static_cast<double>(j) - 20);
        const auto grain = static_cast<std::int16_t>((7 * i + 13 * j + 5 * k) % 21 - 10);
        if (r < 17) image.at(i, j, k) = static_cast<std::int16_t>((r < 4 ? 700 : r < 13 ? 50 : -100) + grain);
      }
  return image;
}

}  // namespace diffam::test
