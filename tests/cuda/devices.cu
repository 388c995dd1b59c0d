// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Device functions for files that nvcc does not compile.
#include "diffam/exec/cuda/device.cuh"

namespace diffam::test {

int device_count() {
  return exec::cuda_device_count();
}

}  // namespace diffam::test
