// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The kernels behind the verbs of `exec::cuda`.
#pragma once

#include "diffam/core/view.hpp"

// `__grid_constant__` leaves a kernel's arguments in constant memory. Without it, code that takes the address
// of a member copies the arguments into each thread's local memory. Devices before 2017 (sm_70), a default
// target of `nvcc` 12, do not support it.
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 700
#define DIFFAM_ARGUMENT const __grid_constant__
#else
#define DIFFAM_ARGUMENT const
#endif

namespace diffam::exec::detail {

inline constexpr index_t cuda_chunk = 8 * cuda_block;  // terms per block of `cuda_chunk_sums`
inline constexpr int cuda_large_block = 1024;
inline constexpr index_t cuda_large_chunk = 16 * cuda_large_block;  // up to here one block sums all

template <class T>
struct fill_kernel {
  view<T> x;
  T value;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const { x[i] = value; }
};

template <class T>
struct copy_kernel {
  view<const T> from;
  view<T> to;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const { to[i] = from[i]; }
};

/// The terms of a sum that are stored in memory.
template <class T>
struct stored_terms {
  view<const T> x;
  DIFFAM_HOST_DEVICE T operator()(index_t i) const { return x[i]; }
};

/// Neighbouring threads that share an index: a kernel's member `threads_per_index`, a divisor of 32, or 1
/// without it.
template <class F>
inline constexpr int threads_per_index = 1;
template <class F>
requires requires {
  F::threads_per_index;
}
inline constexpr int threads_per_index<F> = F::threads_per_index;

/// Blocks that must fit on a multiprocessor at once: a kernel's member `resident_blocks`. Without it (0) the
/// compiler chooses, and may spill registers to fit one more block.
template <class F>
inline constexpr int resident_blocks = 0;
template <class F>
requires requires {
  F::resident_blocks;
}
inline constexpr int resident_blocks<F> = F::resident_blocks;

/// Calls f(i) for i < n.
template <class F>
__global__ void __launch_bounds__(cuda_block, resident_blocks<F>) cuda_loop(DIFFAM_ARGUMENT F f, index_t n) {
  const index_t i = (static_cast<index_t>(blockIdx.x) * cuda_block + threadIdx.x) / threads_per_index<F>;
  if (i < n) f(i);
}

/// Sum of the terms f(begin) ... f(end - 1) of a block, valid in thread 0. Each thread sums every Threads-th
/// term, then the threads combine their sums in a tree. (cub::BlockReduce would save five lines, but a file
/// that leaves CUB out, see exec/cuda/sort.cuh, would parse it again, which takes seconds.)
template <int Threads, class T, class F>
__device__ T block_sum(const F& f, index_t begin, index_t end) {
  __shared__ T sums[Threads];
  T sum{};
  for (index_t i = begin + threadIdx.x; i < end; i += Threads) sum += f(i);
  sums[threadIdx.x] = sum;
  for (unsigned half = Threads / 2; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half) sums[threadIdx.x] += sums[threadIdx.x + half];
  }
  return sums[0];
}

/// Sums each chunk of n terms, one block per chunk.
template <class F, class T>
__global__ void __launch_bounds__(cuda_block) cuda_chunk_sums(DIFFAM_ARGUMENT F f, index_t n, T* sums) {
  const index_t begin = static_cast<index_t>(blockIdx.x) * cuda_chunk;
  const index_t end = begin + cuda_chunk < n ? begin + cuda_chunk : n;
  const T sum = block_sum<cuda_block, T>(f, begin, end);
  if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

/// Sums n terms in one block.
template <int Threads, class F, class T>
__global__ void __launch_bounds__(Threads) cuda_whole_sum(DIFFAM_ARGUMENT F f, index_t n, T* out) {
  const T sum = block_sum<Threads, T>(f, 0, n);
  if (threadIdx.x == 0) *out = sum;
}

}  // namespace diffam::exec::detail
