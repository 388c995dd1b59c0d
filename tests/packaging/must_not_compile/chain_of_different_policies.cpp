// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// All components of a chain use the memory of one policy.
// expect: both components need the same execution policy
#include "identity.hpp"

#ifdef DIFFAM_RIGHT
using second = diffam::exec::serial;
#else
using second = diffam::exec::threads;
#endif
auto model = diffam::pipeline(identity<float>{}, identity<float, second>{});
