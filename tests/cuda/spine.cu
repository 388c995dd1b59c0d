// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// spine, solve: the whole fit, from unknowns to losses, with its solver.
#include "cuda/device.cuh"
#include "diffam/spine/fit.hpp"

namespace diffam {

template struct spine::objective<float, test::device>;
template class spine::spine_fit<float, test::device>;

}  // namespace diffam
