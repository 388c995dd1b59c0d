// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What this process may use of its machine.
#pragma once

#include "diffam/core/config.hpp"

namespace diffam::program {

/// The number of processors that this process may run on, at least 1.
int usable_cores();

/// Bytes of memory that are free, also by the limits of this process's control groups (batch systems and
/// containers set these); 0 where the system does not tell. Linux.
index_t available_memory();

}  // namespace diffam::program
