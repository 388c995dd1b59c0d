// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// render, optim: the renderer and the update rules.
#include "cuda/device.cuh"
#include "diffam/optim/adam.hpp"
#include "diffam/optim/row_steps.hpp"
#include "diffam/optim/vector_adam.hpp"
#include "diffam/render/table.hpp"
#include "diffam/render/tabulated.hpp"

namespace diffam {

template class mlp<float, test::device>;
template class mlp<double, test::device>;
template class table<float, test::device>;
template class table<double, test::device, linear_interpolation>;
template class tabulated<float, test::device>;
template class tabulated<double, test::device, linear_interpolation>;
template class optim::adam<float, test::device, optim::cosine<float>>;
template class optim::vector_adam<float, test::device>;
template class optim::vector_adam<double, test::device, optim::linear<double>, optim::row_steps<double>>;

}  // namespace diffam
