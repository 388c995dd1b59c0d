// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The memory of this process.
#pragma once

#include "diffam/core/config.hpp"

namespace diffam::program {

/// The most memory that this process has had at once, in bytes (VmHWM of Linux); 0 where the system does not
/// tell.
index_t most_memory_so_far();

}  // namespace diffam::program
