// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Block kernels: kernels for a block of threads with shared memory, for policies that have thread blocks. A
// block kernel is written once, as phases. A barrier follows each phase:
//
//     template <class Block>
//     DIFFAM_HOST_DEVICE void operator()(const Block& block) const {
//       T* shared = reinterpret_cast<T*>(block.memory());            // shared_bytes() bytes
//       typename Block::template each<T> own;                        // one value per thread
//       block.phase([&](int thread) { own[thread] = shared[thread] = ...; });
//       block.phase([&](int thread) { ... shared[thread + 1] ... });
//     }
//
// Within a phase no thread may read what another thread writes. All threads of a block take the same control
// flow around phases. On a device a phase is the code between two barriers. On the host a loop over phases
// and, inside, over threads in any order gives the same result; the tests run such a loop
// (tests/support/emulated.hpp). Therefore a block kernel adds up its threads itself, and not with
// cub::BlockReduce or cub::BlockScan, which only a device has.
#pragma once

#include <concepts>
#include <cstddef>

#include "diffam/core/view.hpp"
#include "diffam/simd/lanes.hpp"

#if defined(__CUDA_ARCH__)
#define DIFFAM_UNROLL_ON_DEVICE _Pragma("unroll")
#define DIFFAM_UNROLL_8_ON_DEVICE _Pragma("unroll 8")  // for a loop of unknown length: loads are issued early
#define DIFFAM_NO_UNROLL_ON_DEVICE _Pragma("unroll 1")
#else
#define DIFFAM_UNROLL_ON_DEVICE
#define DIFFAM_NO_UNROLL_ON_DEVICE
#define DIFFAM_UNROLL_8_ON_DEVICE
#endif

namespace diffam::exec {

/// Alignment of shared memory in bytes.
inline constexpr std::size_t block_alignment = 16;

namespace detail {
/// A kernel for the concept below.
struct probe_block_kernel {
  static constexpr int threads = 32;
  index_t shared_bytes() const { return 0; }
  template <class Block>
  DIFFAM_HOST_DEVICE void operator()(const Block& block) const {
    block.phase([](int) {});
  }
};
}  // namespace detail

/// A block kernel. `K::threads` is the block size, a multiple of 32 and the same for all blocks.
/// `shared_bytes()` is at most the policy's `block_bytes()`. It is copyable and does not throw.
template <class K>
concept block_kernel = requires(const K& k) {
  { K::threads } -> std::convertible_to<int>;
  { k.shared_bytes() } -> std::same_as<index_t>;
};

/// A policy with thread blocks. `for_each_block(count, kernel)` runs the kernel in `count` blocks, in any
/// order. `block_bytes()` is the size of a block's shared memory. `exclusive_sum(x, scratch)` replaces counts
/// by the sums of the counts before them; its scratch has `exclusive_sum_scratch(n)` bytes for n counts.
template <class E>
concept has_blocks = requires(const E& e, detail::probe_block_kernel k, view<std::uint32_t> x,
                              view<std::byte> scratch) {
  { E::block_bytes() } -> std::same_as<index_t>;
  e.for_each_block(index_t{}, k);
  { E::exclusive_sum_scratch(index_t{}) } -> std::same_as<index_t>;
  e.exclusive_sum(x, scratch);
};

/// Numbers that one index of a loop computes together: a cache line of them, or 1 on policies with thread
/// blocks, where a thread is a SIMD lane.
template <class T, class E>
inline constexpr int lanes_per_index = has_blocks<E> ? 1 : lanes_in_line<T>;

}  // namespace diffam::exec
