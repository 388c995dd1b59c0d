// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Sorts and prefix sums of counts on a device, with CUB. No other file includes CUB. All functions are
// templates: a program that does not call them does not compile CUB's kernels.
//
// Parsing CUB takes a quarter of the compile time of a small file. A program of many files may define
// DIFFAM_SORT_ELSEWHERE in all files but one, and instantiate the functions in that file
// (tests/cuda/sort.cu).
#pragma once

#ifndef DIFFAM_SORT_ELSEWHERE
#include <cub/device/device_radix_sort.cuh>
#include <cub/device/device_scan.cuh>
#endif

#include "diffam/exec/cuda/memory.cuh"
#include "diffam/exec/pair_sort.hpp"

namespace diffam::exec::detail {

/// Sorts a `pair_sort` by the lowest `bits` bits of its keys. If `scratch` is null, sets `bytes` to the size
/// of scratch instead.
template <class Key>
cudaError_t cuda_sort_pairs(void* scratch, std::size_t& bytes, const pair_sort& s, int bits,
                            cudaStream_t stream);

/// Replaces the counts x by the sums of the counts before them. `scratch` as above.
template <class Count>
cudaError_t cuda_exclusive_sum(void* scratch, std::size_t& bytes, view<Count> x, cudaStream_t stream);

#ifndef DIFFAM_SORT_ELSEWHERE
template <class Key>
cudaError_t cuda_sort_pairs(void* scratch, std::size_t& bytes, const pair_sort& s, int bits,
                            cudaStream_t stream) {
  const Key* const keys = s.keys.data;
  return cub::DeviceRadixSort::SortPairs(
      scratch, bytes, keys, s.sorted_keys.data, static_cast<const stored_index*>(s.values.data),
      s.sorted_values.data, static_cast<int>(s.keys.rows), 0, bits, stream);
}

template <class Count>
cudaError_t cuda_exclusive_sum(void* scratch, std::size_t& bytes, view<Count> x, cudaStream_t stream) {
  return cub::DeviceScan::ExclusiveSum(scratch, bytes, x.data, x.data, static_cast<int>(x.rows), stream);
}
#endif

/// Bytes of scratch for n pairs and any number of bits. Asks the device: for set-up only.
template <class Key>
index_t cuda_sort_scratch(index_t n) {
  std::size_t bytes = 0;
  pair_sort s;
  s.keys.rows = n;
  check_cuda(cuda_sort_pairs<Key>(nullptr, bytes, s, 32, nullptr), "plan a sort");
  return static_cast<index_t>(bytes);
}

/// Bytes of scratch for n counts. Asks the device: for set-up only.
template <class Count>
index_t cuda_exclusive_sum_scratch(index_t n) {
  std::size_t bytes = 0;
  check_cuda(cuda_exclusive_sum(nullptr, bytes, view<Count>(nullptr, n, 1), nullptr), "plan a sum of counts");
  return static_cast<index_t>(bytes);
}

}  // namespace diffam::exec::detail
