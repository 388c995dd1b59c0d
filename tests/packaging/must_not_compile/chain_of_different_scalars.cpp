// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A double component cannot take the output of a float component.
// expect: both components need the same scalar type
#include "identity.hpp"

#ifdef DIFFAM_RIGHT
using second = float;
#else
using second = double;
#endif
auto model = diffam::pipeline(identity<float>{}, identity<second>{});
