// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Device memory, and CUDA's errors as `diffam::error`: no device, a driver that is too old, a device
// that the program was not compiled for and memory that does not suffice are of kind no_device.
#pragma once

#include <cuda_runtime.h>

#include <string>

#include "diffam/core/buffer.hpp"

namespace diffam::exec {
namespace detail {

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

/// Throws where `status` is a failure; `what` names the call in the caller's words. The error is cleared
/// where CUDA can clear it.
inline void check_cuda(cudaError_t status, const std::string& what) {
  if (status == cudaSuccess) return;
  (void)cudaGetLastError();
  throw error("cuda: " + what + ": " + cudaGetErrorString(status), kind_of(status));
}

/// Throws where the kernel that was just launched was refused: too much shared memory, no code for the
/// device. Waiting would not tell; what goes wrong while a kernel runs is told by the next wait or copy.
inline void check_launch() {
  check_cuda(cudaGetLastError(), "launch a kernel");
}

}  // namespace detail

/// Memory of the current device. The copies wait for all work of the device's blocking streams,
/// `exec::cuda`'s among them, and report its errors.
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
