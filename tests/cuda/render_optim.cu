// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// render, optim: the renderers and the update rules.
#include "diffam/exec/cuda.cuh"
#include "diffam/optim/adam.hpp"
#include "diffam/optim/descent.hpp"
#include "diffam/optim/lbfgs.hpp"
#include "diffam/optim/row_steps.hpp"
#include "diffam/optim/vector_adam.hpp"
#include "diffam/render/table.hpp"
#include "diffam/render/tabulated.hpp"

namespace diffam {

template class mlp<float, exec::cuda>;
template class mlp<double, exec::cuda>;
template class table<float, exec::cuda>;
template class table<double, exec::cuda, linear_interpolation>;
template class tabulated<float, exec::cuda>;
template class tabulated<double, exec::cuda, linear_interpolation>;
template class optim::adam<float, exec::cuda, optim::cosine<float>>;
template class optim::descent_rule<float, exec::cuda, optim::descent_params<optim::constant<float>>>;
template class optim::descent_rule<float, exec::cuda, optim::rmsprop_params<optim::constant<float>>>;
template class optim::lbfgs<float, exec::cuda>;
template class optim::vector_adam<float, exec::cuda>;
template class optim::vector_adam<double, exec::cuda, optim::linear<double>, optim::row_steps<double>>;

}  // namespace diffam
