// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Runs block kernels (exec/block.hpp) on a device.
#pragma once

#include "diffam/exec/block.hpp"
#include "diffam/exec/cuda/kernels.cuh"
#include "diffam/exec/cuda/memory.cuh"

namespace diffam::exec::detail {

/// The block that a block kernel gets on a device: phases end with a barrier of the block.
class device_block {
 public:
  template <class V>
  struct each {
    V value;
    DIFFAM_HOST_DEVICE V& operator[](int) { return value; }
  };

  DIFFAM_HOST_DEVICE explicit device_block(std::byte* memory) : memory_(memory) {}
  DIFFAM_HOST_DEVICE std::byte* memory() const { return memory_; }

#if defined(__CUDA_ARCH__)
  DIFFAM_HOST_DEVICE index_t index() const {
    return static_cast<index_t>(blockIdx.x);
  }
  template <class F>
  DIFFAM_HOST_DEVICE void phase(const F& f) const {
    f(static_cast<int>(threadIdx.x));
    __syncthreads();
  }
#else  // never run; nvcc compiles kernels for the host too
  DIFFAM_HOST_DEVICE index_t index() const {
    return 0;
  }
  template <class F>
  DIFFAM_HOST_DEVICE void phase(const F&) const {}
#endif

 private:
  std::byte* memory_;
};

/// Threads that must fit on a multiprocessor at once. This leaves 128 registers per thread.
inline constexpr int resident_threads = 512;

template <class K>
__global__ void __launch_bounds__(K::threads, resident_threads / K::threads)
    run_block(DIFFAM_ARGUMENT K kernel) {
  extern __shared__ __align__(block_alignment) unsigned char diffam_block_memory[];
  kernel(device_block(reinterpret_cast<std::byte*>(diffam_block_memory)));
}

/// Bytes of shared memory that a block may use on the current device. More than 48 KiB needs a request
/// (`launch_blocks`). 48 KiB if the device cannot be asked.
inline index_t device_block_bytes() {
  int device = 0, bytes = 0;
  if (cudaGetDevice(&device) == cudaSuccess &&
      cudaDeviceGetAttribute(&bytes, cudaDevAttrMaxSharedMemoryPerBlockOptin, device) == cudaSuccess)
    return bytes;
  (void)cudaGetLastError();
  return 48 * 1024;
}

/// Runs a block kernel in `count` blocks. Throws `error` if the device refuses the launch.
template <class K>
void launch_blocks(index_t count, const K& kernel, cudaStream_t stream) {
  if (count <= 0) return;
  const int bytes = static_cast<int>(kernel.shared_bytes());
  if (bytes > 48 * 1024)
    check_cuda(cudaFuncSetAttribute(run_block<K>, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes),
               "share " + std::to_string(bytes) + " bytes in a block");
  run_block<K><<<static_cast<unsigned>(count), K::threads, static_cast<std::size_t>(bytes), stream>>>(kernel);
  check_launch();
}

}  // namespace diffam::exec::detail
