// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The parts of a sum have the same scalar type.
// expect: all parts need the same scalar type
#include "diffam/component/sum.hpp"
#include "identity.hpp"

#ifdef DIFFAM_RIGHT
using second = float;
#else
using second = double;
#endif
auto model = diffam::sum(diffam::weighted(1, identity<float>{}), diffam::weighted(1, identity<second>{}));
