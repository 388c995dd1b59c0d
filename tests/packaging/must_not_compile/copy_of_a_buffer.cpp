// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A buffer is the only owner of its memory. A copy needs an explicit call.
// expect: deleted
#include "diffam/core/buffer.hpp"

diffam::buffer<float> first(3);
#ifdef DIFFAM_RIGHT
auto second = diffam::make_buffer(first.get());
#else
diffam::buffer<float> second = first;
#endif
