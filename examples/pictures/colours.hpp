// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// One colour for each vertebra label, the same in every output. Neighbours have clearly different colours.
#pragma once

#include <cmath>
#include <cstdint>

namespace diffam::program {

struct colour {
  std::uint8_t red = 0, green = 0, blue = 0;

  friend constexpr bool operator==(const colour&, const colour&) = default;
};

inline constexpr colour white{255, 255, 255};
inline constexpr colour grey{150, 150, 155};
inline constexpr colour black{0, 0, 0};

/// Hues are a golden angle apart, in three steps of lightness.
inline colour label_colour(int label) {
  const double hue = std::fmod(0.61803398875 * label, 1.0) * 6;
  const double low = label % 3 == 0 ? 0.25 : label % 3 == 1 ? 0.35 : 0.15;
  const auto channel = [&](double shift) {
    const double h = std::fmod(hue + shift, 6.0);
    const double up = h < 1 ? h : h < 3 ? 1 : h < 4 ? 4 - h : 0;
    return static_cast<std::uint8_t>(std::lround(255 * (low + (1 - low) * up)));
  };
  return {channel(2), channel(0), channel(4)};
}

}  // namespace diffam::program
