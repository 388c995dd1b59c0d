// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Device memory, devices, and CUDA's errors as `diffam::error`: no device, a driver that is too old, a device
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

struct probe_device_kernel {
  __device__ void operator()() const {}
};
template <class F>
__global__ void run_once(F f) {
  f();
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

/// Devices that a kernel could be asked to run on; 0 where there is no driver or none that fits.
inline int cuda_device_count() {
  int count = 0;
  if (cudaGetDeviceCount(&count) != cudaSuccess) {
    (void)cudaGetLastError();
    return 0;
  }
  return count;
}

/// Makes `device` the calling thread's current one and proves that it runs this program's kernels. Throws
/// `error` (no_device) where it does not.
inline void use_cuda_device(int device) {
  int count = 0;
  detail::check_cuda(cudaGetDeviceCount(&count), "look for devices");
  if (device < 0 || device >= count)
    throw error(
        "cuda: expected a device from 0 to " + std::to_string(count - 1) + ", got " + std::to_string(device),
        error_kind::no_device);
  const std::string name = "device " + std::to_string(device);
  detail::check_cuda(cudaSetDevice(device), "use " + name);
  detail::run_once<<<1, 1>>>(detail::probe_device_kernel{});
  detail::check_cuda(cudaGetLastError(), "run a kernel on " + name);
  detail::check_cuda(cudaDeviceSynchronize(), "run a kernel on " + name);
}

}  // namespace diffam::exec
