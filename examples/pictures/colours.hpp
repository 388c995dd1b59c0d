// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The colour of each vertebra label, the same in every output. Near levels are told apart also by
// colour-blind readers.
#pragma once

#include <cstdint>

namespace diffam::program {

struct colour {
  std::uint8_t red = 0, green = 0, blue = 0;

  friend constexpr bool operator==(const colour&, const colour&) = default;
};

inline constexpr colour white{255, 255, 255};
inline constexpr colour grey{150, 150, 155};
inline constexpr colour black{0, 0, 0};

/// The colours of Okabe and Ito ("Color universal design", 2008) but black, in the order in which vertebrae
/// that are one, two or three levels apart differ most for every kind of colour vision. They repeat after
/// seven levels.
inline colour label_colour(int label) {
  constexpr colour colours[] = {{230, 159, 0},   {0, 114, 178}, {86, 180, 233}, {240, 228, 66},
                                {204, 121, 167}, {213, 94, 0},  {0, 158, 115}};
  return colours[label % 7];
}

}  // namespace diffam::program
