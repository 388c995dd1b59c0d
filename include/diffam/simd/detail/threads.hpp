// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Neighbouring threads of a warp that compute one index together, and the operations that exchange their
// values. On a processor one thread computes an index, and these operations return their argument.
#pragma once

#include "diffam/simd/detail/registers.hpp"

namespace diffam {

/// Lanes of `lane_vector`.
inline constexpr int lane_count = 8;

namespace detail {

#if defined(__CUDA_ARCH__)

/// Threads that hold a `lane_vector` together.
inline constexpr int lane_threads = lane_count;

/// This thread, from 0 to Threads - 1.
template <int Threads>
DIFFAM_LANE_OP int own_thread() {
  return static_cast<int>(threadIdx.x % static_cast<unsigned>(Threads));
}
/// The first of the threads, in its warp.
template <int Threads>
DIFFAM_LANE_OP unsigned first_thread() {
  return threadIdx.x % 32u / unsigned{Threads} * unsigned{Threads};
}
/// The threads as bits, the first of the warp at bit 0.
template <int Threads>
DIFFAM_LANE_OP unsigned thread_bits() {
  return (Threads == 32 ? ~0u : (1u << Threads % 32) - 1u) << first_thread<Threads>();
}
/// x of one of the threads.
template <int Threads, class T>
DIFFAM_LANE_OP T of_thread(T x, int thread) {
  return __shfl_sync(thread_bits<Threads>(), x, thread, Threads);
}
/// Joins the x of all threads; the same in all.
template <int Threads, int First = 1, class T, class Join>
DIFFAM_LANE_OP T join_threads(T x, const Join& join) {
  for (int distance = Threads / 2; distance >= First; distance /= 2)
    x = join(x, __shfl_xor_sync(thread_bits<Threads>(), x, distance, Threads));
  return x;
}
/// The threads for which `is` is true, this index's first at bit 0.
template <int Threads>
DIFFAM_LANE_OP unsigned threads_where(bool is) {
  return (__ballot_sync(thread_bits<Threads>(), is) & thread_bits<Threads>()) >> first_thread<Threads>();
}
/// The threads see what each has written.
template <int Threads>
DIFFAM_LANE_OP void meet() {
  __syncwarp(thread_bits<Threads>());
}

#else

inline constexpr int lane_threads = 1;

template <int>
DIFFAM_LANE_OP int own_thread() {
  return 0;
}
template <int, class T>
DIFFAM_LANE_OP T of_thread(T x, int) {
  return x;
}
template <int, int = 1, class T, class Join>
DIFFAM_LANE_OP T join_threads(T x, const Join&) {
  return x;
}
template <int>
DIFFAM_LANE_OP unsigned threads_where(bool is) {
  return is ? 1u : 0u;
}
template <int>
DIFFAM_LANE_OP void meet() {}

#endif

}  // namespace detail

}  // namespace diffam
