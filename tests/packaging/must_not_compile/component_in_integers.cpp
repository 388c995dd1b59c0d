// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Components need a floating-point type.
// expect: real
#include "identity.hpp"

#ifdef DIFFAM_RIGHT
using scalar = double;
#else
using scalar = int;
#endif
identity<scalar> component;
