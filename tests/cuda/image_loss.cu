// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// image, loss: samples of the blurred image, and every loss with each of its policies.
#include "cuda/device.cuh"
#include "diffam/image/scale_space.hpp"
#include "diffam/loss/edge.hpp"
#include "diffam/loss/image.hpp"
#include "diffam/loss/normal.hpp"
#include "diffam/loss/overlap.hpp"
#include "diffam/loss/variance.hpp"

namespace diffam {

template class scale_space<float, test::device>;
template class image_loss<float, test::device, fixed_target<float>, squared>;
template class image_loss<float, test::device, sampled_target<float>, huber<>>;
template class image_loss<double, test::device, sampled_target<double>>;
template class edge_loss<float, test::device>;
template class overlap_loss<float, test::device>;
template class variance_loss<float, test::device>;
template class normal_loss<float, test::device, smooth_normals>;
template class normal_loss<float, test::device, face_normals, fixed_surface_samples<float>>;

}  // namespace diffam
