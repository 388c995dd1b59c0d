// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The verbs of `exec::cuda` on the device.
#pragma once

#include "diffam/core/view.hpp"

namespace diffam::exec::detail {

inline constexpr int warp_size = 32;
inline constexpr int cuda_block = 128;                 // threads
inline constexpr index_t cuda_chunk = 8 * cuda_block;  // terms that a block sums

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

/// Terms that lie in memory.
template <class T>
struct stored_terms {
  const T* x;
  DIFFAM_HOST_DEVICE T operator()(index_t i) const { return x[i]; }
};

template <class F>
__global__ void __launch_bounds__(cuda_block) cuda_loop(F f, index_t n) {
  const index_t i = static_cast<index_t>(blockIdx.x) * cuda_block + threadIdx.x;
  if (i < n) f(i);
}

/// Sum of the block's terms f(begin) ... f(end - 1), valid in thread 0: each thread sums every cuda_block-th
/// term, then the threads' sums meet as a tree.
template <class T, class F>
__device__ T block_sum(const F& f, index_t begin, index_t end) {
  __shared__ T sums[cuda_block];
  T sum = 0;
  for (index_t i = begin + threadIdx.x; i < end; i += cuda_block) sum += f(i);
  sums[threadIdx.x] = sum;
  for (unsigned half = cuda_block / 2; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half) sums[threadIdx.x] += sums[threadIdx.x + half];
  }
  return sums[0];
}

template <class F, class T>
__global__ void __launch_bounds__(cuda_block) cuda_chunk_sums(F f, index_t n, T* sums) {
  const index_t begin = static_cast<index_t>(blockIdx.x) * cuda_chunk;
  const index_t end = begin + cuda_chunk < n ? begin + cuda_chunk : n;
  const T sum = block_sum<T>(f, begin, end);
  if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

template <class F, class T>
__global__ void __launch_bounds__(cuda_block) cuda_whole_sum(F f, index_t n, T* out) {
  const T sum = block_sum<T>(f, 0, n);
  if (threadIdx.x == 0) *out = sum;
}

/// A warp owns `warp_size` destination rows, a lane one of them. All lanes read 32 keys together; rows that
/// are the warp's are added by their lane, in the order of i. Reads every key once a warp: cheap for the tens
/// of thousands that an iteration has, and without atomics.
template <class T>
__global__ void __launch_bounds__(cuda_block)
    cuda_scatter(view<const stored_index> keys, view<const T> rows, view<T> out) {
  constexpr unsigned all = 0xffffffffu;
  const index_t thread = static_cast<index_t>(blockIdx.x) * cuda_block + threadIdx.x;
  const int lane = static_cast<int>(threadIdx.x) % warp_size;
  const index_t first = thread / warp_size * warp_size;
  if (first >= out.rows) return;  // the whole warp
  const index_t n = keys.size();
  for (index_t begin = 0; begin < n; begin += warp_size) {
    const index_t key = begin + lane < n ? static_cast<index_t>(keys[begin + lane]) - first : -1;
    unsigned ours = __ballot_sync(all, key >= 0 && key < warp_size);
    for (; ours != 0; ours &= ours - 1) {
      const int from = __ffs(static_cast<int>(ours)) - 1;
      if (__shfl_sync(all, key, from) != lane || first + lane >= out.rows) continue;
      const T* row = rows.row(begin + from);
      T* to = out.row(first + lane);
      for (index_t j = 0; j < out.cols; ++j) to[j] += row[j];
    }
  }
}

}  // namespace diffam::exec::detail
