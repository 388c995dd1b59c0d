// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Counts the allocations of this process (all forms of operator new). Tests use it to show that an iteration
// allocates nothing.
#pragma once

#include <cstdint>

namespace diffam::test {

/// Number of calls of operator new so far, on all threads.
std::uint64_t allocation_count();

}  // namespace diffam::test
