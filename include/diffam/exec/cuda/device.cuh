// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Finds CUDA devices and checks that a device runs this program's kernels. A failure is an `error`
// with one line of text, of kind no_device unless CUDA reports another cause.
#pragma once

#include "diffam/exec/cuda/memory.cuh"

namespace diffam::exec {
namespace detail {

struct probe_device_kernel {
  __device__ void operator()() const {}
};
template <class F>
__global__ void run_once(F f) {
  f();
}

/// Text of a CUDA version number: "13.0" for 13000.
inline std::string cuda_version(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

/// The reason why there is no device. CUDA reports a missing driver (version 0) as a driver that is too old.
inline std::string why_no_device(cudaError_t status, int driver, int runtime) {
  if (status != cudaErrorInsufficientDriver) return cudaGetErrorString(status);
  if (driver == 0) return "no NVIDIA driver here";
  return "the NVIDIA driver is too old: it is made for CUDA " + cuda_version(driver) +
         ", this program for CUDA " + cuda_version(runtime);
}

/// Throws if a kernel did not run on the device. The message names the device and what this program needs.
inline void check_device(cudaError_t status, int device) {
  if (status == cudaSuccess) return;
  std::string name = "device " + std::to_string(device);
  cudaDeviceProp p{};
  if (cudaGetDeviceProperties(&p, device) == cudaSuccess)
    name += " (" + std::string(p.name) + ", sm_" + std::to_string(p.major) + std::to_string(p.minor) + ")";
  if (status == cudaErrorNoKernelImageForDevice || status == cudaErrorUnsupportedPtxVersion) {
    (void)cudaGetLastError();
    throw error("cuda: " + name + ": this program was not compiled for it (CMAKE_CUDA_ARCHITECTURES)",
                error_kind::no_device);
  }
  check_cuda(status, "run a kernel on " + name);
}

}  // namespace detail

/// Number of devices; 0 without a driver or with a driver that is too old.
inline int cuda_device_count() {
  int count = 0;
  if (cudaGetDeviceCount(&count) != cudaSuccess) {
    (void)cudaGetLastError();
    return 0;
  }
  return count;
}

/// Makes `device` the current device of the calling thread and runs an empty kernel on it. Throws `error`
/// (no_device) if this fails.
inline void use_cuda_device(int device) {
  int count = 0;
  const cudaError_t found = cudaGetDeviceCount(&count);
  if (found != cudaSuccess) {
    int driver = 0, runtime = 0;
    (void)cudaDriverGetVersion(&driver);
    (void)cudaRuntimeGetVersion(&runtime);
    (void)cudaGetLastError();
    throw error("cuda: " + detail::why_no_device(found, driver, runtime), detail::kind_of(found));
  }
  if (device < 0 || device >= count)
    throw error(
        "cuda: expected a device from 0 to " + std::to_string(count - 1) + ", got " + std::to_string(device),
        error_kind::no_device);
  detail::check_device(cudaSetDevice(device), device);
  detail::run_once<<<1, 1>>>(detail::probe_device_kernel{});
  detail::check_device(cudaGetLastError(), device);
  detail::check_device(cudaDeviceSynchronize(), device);
}

}  // namespace diffam::exec
