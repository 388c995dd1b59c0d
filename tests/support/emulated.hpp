// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A policy that emulates thread blocks (exec/block.hpp) on the host: the threads of a phase run one after the
// other, in a chosen order. It runs the kernels that a device would run. If a thread reads data that another
// thread of the same phase writes, the result depends on the order, and a test can see this. Shared memory
// starts as NaN.
#pragma once

#include <cstring>
#include <numeric>
#include <utility>
#include <vector>

#include "diffam/exec/branches.hpp"
#include "diffam/exec/cuda/product_blocks.hpp"
#include "diffam/exec/cuda/sorted_scatter.hpp"
#include "diffam/exec/host/verbs.hpp"

namespace diffam::test {

/// Order of the threads of a phase, of the blocks and of the branches.
enum class thread_order { forward, backward, strided };

/// The i-th of `count` indices in this order.
inline index_t nth(thread_order order, index_t i, index_t count) {
  if (order == thread_order::backward) return count - 1 - i;
  constexpr index_t stride = 97;  // a prime: visits all indices unless `count` is a multiple of it
  if (order == thread_order::strided && count % stride != 0) return i * stride % count;
  return i;
}

/// The block that a block kernel gets: a phase is a loop over threads.
template <int Threads>
class emulated_block {
 public:
  template <class V>
  struct each {
    V value[Threads];
    DIFFAM_HOST_DEVICE V& operator[](int thread) { return value[thread]; }
  };

  emulated_block(index_t index, std::byte* memory, thread_order order)
      : index_(index), memory_(memory), order_(order) {}
  DIFFAM_HOST_DEVICE index_t index() const { return index_; }
  DIFFAM_HOST_DEVICE std::byte* memory() const { return memory_; }

#if defined(__CUDA_ARCH__)
  template <class F>
  DIFFAM_HOST_DEVICE void phase(const F&) const {}
#else
  template <class F>
  DIFFAM_HOST_DEVICE void phase(const F& f) const {
    for (int i = 0; i < Threads; ++i) f(static_cast<int>(nth(order_, i, Threads)));
  }
#endif

 private:
  index_t index_;
  std::byte* memory_;
  thread_order order_;
};

/// The policy.
struct emulated : exec::detail::host_verbs<emulated> {
  thread_order order = thread_order::forward;

  emulated() = default;
  explicit emulated(thread_order o) : order(o) {}

  static constexpr int concurrency() { return 1; }
  template <class F>
  void run_chunks(index_t count, const F& f) const {
    for (index_t i = 0; i < count; ++i) f(nth(order, i, count));
  }

  /// Shared memory of the consumer GPUs since 2020; larger GPUs have more.
  static constexpr index_t block_bytes() { return 99 * 1024; }

  template <exec::block_kernel K>
  void for_each_block(index_t count, const K& kernel) const {
    for (index_t i = 0; i < count; ++i) {
      buffer<std::byte> shared(kernel.shared_bytes() + 1);
      std::memset(shared.data(), 0xff, shared.bytes());  // NaN as float and as double
      kernel(emulated_block<K::threads>(nth(order, i, count), shared.data(), order));
    }
  }

  /// Runs the branches in the order of the blocks. If they depend on each other, the result depends on the
  /// order.
  template <class F>
  void branch(int count, const F& f) const {
    for (int k = 0; k < count; ++k) f(static_cast<int>(nth(order, k, count)), *this);
  }

  /// Replaces the counts x by the sums of the counts before them.
  static constexpr index_t exclusive_sum_scratch(index_t) { return 0; }
  void exclusive_sum(view<std::uint32_t> x, view<std::byte>) const {
    std::exclusive_scan(x.begin(), x.end(), x.begin(), 0u);
  }

  static index_t scatter_scratch(index_t n, index_t rows) {
    return exec::detail::sorted_scatter_scratch<emulated>(n, rows);
  }
  template <class T>
  void scatter_add(view<const stored_index> keys, view<const T> rows, view<std::type_identity_t<T>> out,
                   view<std::byte> scratch, bool same_keys = false) const {
    exec::detail::sorted_scatter<T>(*this, keys, rows, out, scratch, same_keys);
  }

  template <class T>
  void gemm(view<const T> a, view<const std::type_identity_t<T>> b, view<std::type_identity_t<T>> c) const {
    const exec::detail::product_block<T> kernel{a, b, c};
    if (c.size() > 0) for_each_block(kernel.blocks(), kernel);
  }
  template <class T>
  void gemm_transposed(view<const T> a, view<const std::type_identity_t<T>> b,
                       view<std::type_identity_t<T>> c) const {
    const exec::detail::product_transposed_block<T> kernel{a, b, c};
    if (c.size() > 0) for_each_block(kernel.blocks(), kernel);
  }
};

static_assert(exec::policy<emulated> && exec::has_blocks<emulated> && exec::has_branches<emulated>);

}  // namespace diffam::test
