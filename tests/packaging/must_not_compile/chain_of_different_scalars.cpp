// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A float component cannot feed a double one.
// expect: both components need the same scalar type
#include "identity.hpp"

#ifdef DIFFAM_RIGHT
using second = float;
#else
using second = double;
#endif
auto model = diffam::pipeline(identity<float>{}, identity<second>{});
