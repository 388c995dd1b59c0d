// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// image, loss: the scale space, and every loss with each of its policies.
#include "diffam/exec/cuda.cuh"
#include "diffam/image/scale_space.hpp"
#include "diffam/loss/edge.hpp"
#include "diffam/loss/image.hpp"
#include "diffam/loss/normal.hpp"
#include "diffam/loss/overlap.hpp"
#include "diffam/loss/variance.hpp"
#include "diffam/loss/wall.hpp"

namespace diffam {

template class scale_space<float, exec::cuda>;
template class image_loss<float, exec::cuda, fixed_target<float>, squared>;
template class image_loss<float, exec::cuda, sampled_target<float>, huber<>>;
template class image_loss<double, exec::cuda, sampled_target<double>>;
template class image_loss<float, exec::cuda,
                          sampled_target<float, image_sampler<float>, before_planes<float>>>;
template class edge_loss<float, exec::cuda>;
template class overlap_loss<float, exec::cuda>;
template class variance_loss<float, exec::cuda>;
template class wall_loss<float, exec::cuda>;
template class normal_loss<float, exec::cuda, smooth_normals>;
template class normal_loss<float, exec::cuda, face_normals, fixed_surface_samples<float>>;

}  // namespace diffam
