// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Compiles the sort and the prefix sum for the files that define DIFFAM_SORT_ELSEWHERE.
#include "diffam/exec/cuda/sort.cuh"

template cudaError_t diffam::exec::detail::cuda_sort_pairs<std::uint32_t>(void*, std::size_t&,
                                                                          const diffam::exec::pair_sort&, int,
                                                                          cudaStream_t);
template cudaError_t diffam::exec::detail::cuda_exclusive_sum(void*, std::size_t&,
                                                              diffam::view<std::uint32_t>, cudaStream_t);
