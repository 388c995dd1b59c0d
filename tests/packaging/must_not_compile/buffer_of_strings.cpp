// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Buffers copy bytes, so elements must be trivially copyable.
// expect: diffam::buffer holds trivially copyable elements only
#include <string>

#include "diffam/core/buffer.hpp"

#ifdef DIFFAM_RIGHT
using element = int;
#else
using element = std::string;
#endif
diffam::buffer<element> b(3);
