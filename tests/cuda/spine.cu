// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// spine, solve: the whole fit with its solver.
#include "diffam/exec/cuda.cuh"
#include "diffam/spine/fit.hpp"

namespace diffam {

template struct spine::objective<float, exec::cuda>;
template class spine::spine_fit<float, exec::cuda>;

}  // namespace diffam
