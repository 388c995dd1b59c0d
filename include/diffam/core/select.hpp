// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The ternary operator and the logical `and` as functions, for formulas that are templates of their number
// type. SIMD vectors (simd/lanes.hpp) overload both functions, so the same formula works for numbers and for
// vectors.
#pragma once

#include "diffam/core/config.hpp"

namespace diffam {

/// `a` if `c` is true, else `b`.
template <real T>
DIFFAM_INLINE constexpr T select(bool c, T a, T b) {
  return c ? a : b;
}
/// a and b.
DIFFAM_INLINE constexpr bool both(bool a, bool b) {
  return a && b;
}

}  // namespace diffam
