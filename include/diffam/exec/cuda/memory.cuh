// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Device memory, and CUDA errors as `diffam::error`. The kind is no_device for: no device, a driver that is
// too old, a device that the program was not compiled for, not enough memory.
#pragma once

#include <cuda_runtime.h>

#include <string>

#include "diffam/core/buffer.hpp"

namespace diffam::exec {
namespace detail {

/// The kind of a CUDA error: no_device if the device is the cause, else internal.
inline error_kind kind_of(cudaError_t status) {
  switch (status) {
    case cudaErrorNoDevice:
    case cudaErrorInvalidDevice:
    case cudaErrorInsufficientDriver:
    case cudaErrorSystemDriverMismatch:
    case cudaErrorDevicesUnavailable:
    case cudaErrorNoKernelImageForDevice:
    case cudaErrorUnsupportedPtxVersion:
    case cudaErrorMemoryAllocation:
      return error_kind::no_device;
    default:
      return error_kind::internal;
  }
}

/// Throws if `status` is a failure. `what` names the call for the reader of the message. Clears the error if
/// CUDA allows it.
inline void check_cuda(cudaError_t status, const std::string& what) {
  if (status == cudaSuccess) return;
  (void)cudaGetLastError();
  throw error("cuda: " + what + ": " + cudaGetErrorString(status), kind_of(status));
}

/// Throws if the last launch was refused: too much shared memory, no code for the device. It does not wait.
/// The next wait or copy reports errors of running kernels.
inline void check_launch() {
  check_cuda(cudaGetLastError(), "launch a kernel");
}

}  // namespace detail

/// Memory of the current device. Copies wait for all work of the device's blocking streams, those of
/// `exec::cuda` included, and throw its errors.
struct cuda_memory {
  static void* allocate(std::size_t bytes) {
    void* p = nullptr;
    const cudaError_t status = cudaMalloc(&p, bytes);
    if (status != cudaSuccess) {
      std::size_t free = 0, total = 0;
      (void)cudaMemGetInfo(&free, &total);
      detail::check_cuda(status, "expected " + std::to_string(bytes) + " bytes of device memory, found " +
                                     std::to_string(free) + " free of " + std::to_string(total));
    }
    return p;
  }
  static void deallocate(void* p, std::size_t) noexcept { (void)cudaFree(p); }
  static void zero(void* p, std::size_t bytes) {
    detail::check_cuda(cudaMemset(p, 0, bytes), "clear device memory");
  }
  static void copy_from_host(void* to, const void* from, std::size_t bytes) {
    detail::check_cuda(cudaMemcpy(to, from, bytes, cudaMemcpyHostToDevice), "copy to the device");
  }
  static void copy_to_host(void* to, const void* from, std::size_t bytes) {
    detail::check_cuda(cudaMemcpy(to, from, bytes, cudaMemcpyDeviceToHost), "copy from the device");
  }
};

}  // namespace diffam::exec
