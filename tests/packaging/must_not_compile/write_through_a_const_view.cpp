// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What a component reads it cannot write.
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
