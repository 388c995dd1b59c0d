// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Rows refer to memory, so they are not made of a vector that is gone at the end of the statement.
// expect: deleted
#include <array>
#include <vector>

#include "diffam/core/rows.hpp"

std::vector<std::array<float, 3>> make_points();
std::vector<std::array<float, 3>> kept;

#ifdef DIFFAM_RIGHT
auto rows = diffam::rows_of(kept);
#else
auto rows = diffam::rows_of(make_points());
#endif
