// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The fit on the GPU, compiled by nvcc.
#include <diffam/exec/cuda.cuh>

#include "fits.hpp"
#include "sphere_fit.hpp"

double fit_on_gpu() {
  diffam::exec::use_cuda_device(0);
  const diffam::exec::cuda_stream stream;
  return fit_sphere(diffam::exec::cuda{stream.get()});
}
