// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A component cannot write to its input.
// expect: const
#include "diffam/core/view.hpp"

#ifdef DIFFAM_RIGHT
using element = float;
#else
using element = const float;
#endif
void write(diffam::view<element> x) {
  x[0] = 1;
}
