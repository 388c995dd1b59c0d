// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Counts the allocations of this process (all forms of operator new), to show that an iteration makes none.
#pragma once

#include <cstdint>

namespace diffam::test {

/// Calls of operator new so far, on any thread.
std::uint64_t allocation_count();

}  // namespace diffam::test
