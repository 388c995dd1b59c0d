// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// mesh, shape: surface samples, vertex normals, the spectral shape model.
#include "cuda/device.cuh"
#include "diffam/mesh/area_sampling.hpp"
#include "diffam/mesh/normals.hpp"
#include "diffam/shape/coefficients.hpp"
#include "diffam/shape/spectral_map.hpp"

namespace diffam {

template class surface_sampler<float, test::device>;
template class surface_sampler<double, test::device>;
template class vertex_normals<float, test::device>;
template class vertex_normals<double, test::device>;
template class coefficients<float, test::device>;
template class spectral_map<float, test::device>;
template class spectral_map<double, test::device>;

}  // namespace diffam
