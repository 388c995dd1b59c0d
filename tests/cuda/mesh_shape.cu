// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// mesh, shape: surface samples, vertex normals, the spectral map.
#include "diffam/exec/cuda.cuh"
#include "diffam/mesh/area_sampling.hpp"
#include "diffam/mesh/normals.hpp"
#include "diffam/shape/coefficients.hpp"
#include "diffam/shape/spectral_map.hpp"

namespace diffam {

template class surface_sampler<float, exec::cuda>;
template class surface_sampler<double, exec::cuda>;
template class vertex_normals<float, exec::cuda>;
template class vertex_normals<double, exec::cuda>;
template class coefficients<float, exec::cuda>;
template class spectral_map<float, exec::cuda>;
template class spectral_map<double, exec::cuda>;

}  // namespace diffam
