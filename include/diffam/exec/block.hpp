// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Kernels of a block of threads that share memory, for policies that have such blocks. A kernel is written
// once, as phases; a barrier follows each:
//
//     template <class Block>
//     DIFFAM_HOST_DEVICE void operator()(const Block& block) const {
//       T* shared = reinterpret_cast<T*>(block.memory());            // shared_bytes() of it
//       typename Block::template each<T> own;                        // a value of every thread's own
//       block.phase([&](int thread) { own[thread] = shared[thread] = ...; });
//       block.phase([&](int thread) { ... shared[thread + 1] ... });
//     }
//
// Within a phase no thread may read what another one writes, and all control flow around phases is the same
// for all threads of a block. On a device a phase is what a thread does between two barriers; elsewhere "for
// each phase, for each thread, in any order" means the same, and the tests run it (tests/support).
#pragma once

#include <concepts>
#include <cstddef>

#include "diffam/simd/lanes.hpp"

#if defined(__CUDA_ARCH__)
#define DIFFAM_UNROLL_ON_DEVICE _Pragma("unroll")
#define DIFFAM_UNROLL_8_ON_DEVICE _Pragma("unroll 8")  // a loop of unknown length, to load ahead
#define DIFFAM_NO_UNROLL_ON_DEVICE _Pragma("unroll 1")
#else
#define DIFFAM_UNROLL_ON_DEVICE
#define DIFFAM_NO_UNROLL_ON_DEVICE
#define DIFFAM_UNROLL_8_ON_DEVICE
#endif

namespace diffam::exec {

/// Shared memory is aligned to this.
inline constexpr std::size_t block_alignment = 16;

namespace detail {
struct probe_block_kernel {
  static constexpr int threads = 32;
  index_t shared_bytes() const { return 0; }
  template <class Block>
  DIFFAM_HOST_DEVICE void operator()(const Block& block) const {
    block.phase([](int) {});
  }
};
}  // namespace detail

/// `K::threads` a multiple of 32, the same for all blocks; `shared_bytes()` at most the policy's
/// `block_bytes()`. Copyable, and does not throw.
template <class K>
concept block_kernel = requires(const K& k) {
  { K::threads } -> std::convertible_to<int>;
  { k.shared_bytes() } -> std::same_as<index_t>;
};

/// `for_each_block(count, kernel)` runs the kernel in `count` blocks, in any order; `block_bytes()` is the
/// memory that a block's threads can share.
template <class E>
concept has_blocks = requires(const E& e, detail::probe_block_kernel k) {
  { E::block_bytes() } -> std::same_as<index_t>;
  e.for_each_block(index_t{}, k);
};

/// Numbers that an index computes side by side: a cache line, or one where an index is a thread among many.
template <class T, class E>
inline constexpr int lanes_per_index = has_blocks<E> ? 1 : lanes_in_line<T>;

}  // namespace diffam::exec
