// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The kernels that take most of the time of an iteration on a GPU, in float. scripts/cuda-registers compiles
// this file.
#include "diffam/exec/cuda.cuh"
#include "diffam/loss/image.hpp"
#include "diffam/loss/normal.hpp"
#include "diffam/render/mlp.hpp"
#include "diffam/sdf/points.hpp"
#include "diffam/sdf/scene_distance.hpp"
#include "diffam/shape/spectral_map.hpp"

namespace diffam {

template class mlp<float, exec::cuda>;
template class spectral_map<float, exec::cuda>;
template class scene_distance<float, exec::cuda, barnes_hut_winding, surface_cloud<float, exec::cuda>>;
template class image_loss<float, exec::cuda, sampled_target<float>>;
template class normal_loss<float, exec::cuda, smooth_normals>;

}  // namespace diffam
