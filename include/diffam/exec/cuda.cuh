// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The policy of one NVIDIA GPU. Kernels run on a stream in the order of the calls. Only a copy to host memory
// and `wait` synchronise. Every sum has a fixed order: a device always writes the same bits.
#pragma once

#include "diffam/exec/cuda/block.cuh"
#include "diffam/exec/cuda/branches.cuh"
#include "diffam/exec/cuda/device.cuh"
#include "diffam/exec/cuda/kernels.cuh"
#include "diffam/exec/cuda/product_blocks.hpp"
#include "diffam/exec/cuda/sort.cuh"
#include "diffam/exec/cuda/sorted_scatter.hpp"
#include "diffam/exec/policy.hpp"

namespace diffam::exec {

/// A CUDA stream with an owner. It is a blocking stream: copies on the default stream (`cuda_memory`) wait
/// for it.
class cuda_stream {
 public:
  cuda_stream() { detail::check_cuda(cudaStreamCreate(&stream_), "create a stream"); }
  ~cuda_stream() { (void)cudaStreamDestroy(stream_); }
  cuda_stream(const cuda_stream&) = delete;
  cuda_stream& operator=(const cuda_stream&) = delete;
  cudaStream_t get() const { return stream_; }

 private:
  cudaStream_t stream_ = nullptr;
};

/// A small value; copies of it use the same stream. A refused launch throws at once. The next copy to host
/// memory or `wait` throws the errors of running kernels.
struct cuda {
  using memory = cuda_memory;

  cudaStream_t stream = nullptr;            // not owned; a graph cannot be captured on the default stream
  const cuda_side_streams* side = nullptr;  // not owned; null: branches run one after the other

  /// Waits for all launched work and throws its errors.
  void wait() const {
    finish();
    detail::check_cuda(cudaStreamSynchronize(stream), "finish the work of a stream");
  }

  template <class F>
  void for_each_index(index_t n, const F& f, index_t = 1) const {
    if (n <= 0) return;
    static_assert(32 % detail::threads_per_index<F> == 0);
    detail::cuda_loop<<<blocks(n * detail::threads_per_index<F>), cuda_block, 0, stream>>>(f, n);
    detail::check_launch();
  }

  template <class T>
  void fill(view<T> x, std::type_identity_t<T> value) const {
    for_each_index(x.size(), detail::fill_kernel<T>{x, value});
  }

  template <class T>
  void copy(view<const T> from, view<std::type_identity_t<T>> to) const {
    for_each_index(from.size(), detail::copy_kernel<T>{from, to});
  }

  /// Elements of scratch that `reduce` needs for n terms.
  static constexpr index_t reduce_scratch(index_t n) { return chunk_count(n, detail::cuda_chunk); }

  /// *out (in device memory) = sum of f(i). One block sums few terms. Otherwise each block sums a chunk and
  /// one block sums the chunks. The threads of a block combine their sums in a tree.
  template <class F, class T>
  void reduce(index_t n, const F& f, T* out, view<T> scratch) const {
    if (n <= detail::cuda_large_chunk) {
      detail::cuda_whole_sum<detail::cuda_large_block><<<1, detail::cuda_large_block, 0, stream>>>(f, n, out);
    } else {
      const index_t chunks = reduce_scratch(n);
      detail::cuda_chunk_sums<<<grid(chunks), cuda_block, 0, stream>>>(f, n, scratch.data);
      detail::cuda_whole_sum<detail::cuda_large_block>
          <<<1, detail::cuda_large_block, 0, stream>>>(detail::stored_terms<T>{scratch}, chunks, out);
    }
    detail::check_launch();
  }

  /// out row keys[i] += rows row i, in the order of i. Negative keys are skipped.
  template <class T>
  void scatter_add(view<const stored_index> keys, view<const T> rows, view<std::type_identity_t<T>> out,
                   view<std::byte> scratch, bool same_keys = false) const {
    detail::sorted_scatter<T>(*this, keys, rows, out, scratch, same_keys);
  }

  template <class T = stored_index>
  static index_t scatter_scratch(index_t n, index_t rows) {
    return detail::sorted_scatter_scratch<cuda>(n, rows);
  }

  template <class Key = std::uint32_t>
  static index_t sort_scratch(index_t n) {
    return detail::cuda_sort_scratch<Key>(n);
  }

  /// Stable sort by the lowest `bits` bits of the keys.
  template <class Key = std::uint32_t>
  void sort_pairs(const pair_sort& s, int bits) const {
    if (s.keys.rows == 0) return;
    auto bytes = static_cast<std::size_t>(s.scratch.size());
    detail::check_cuda(detail::cuda_sort_pairs<Key>(s.scratch.data, bytes, s, bits, stream), "sort");
  }

  template <class Count = std::uint32_t>
  static index_t exclusive_sum_scratch(index_t n) {
    return detail::cuda_exclusive_sum_scratch<Count>(n);
  }

  /// Replaces the counts x by the sums of the counts before them.
  template <class Count = std::uint32_t>
  void exclusive_sum(view<Count> x, view<std::byte> scratch) const {
    auto bytes = static_cast<std::size_t>(scratch.size());
    detail::check_cuda(detail::cuda_exclusive_sum(scratch.data, bytes, x, stream), "sum counts");
  }

  /// Bytes of shared memory that a block may use on the current device.
  static index_t block_bytes() { return detail::device_block_bytes(); }

  /// Runs a block kernel (exec/block.hpp) `count` times.
  template <block_kernel K>
  void for_each_block(index_t count, const K& kernel) const {
    detail::launch_blocks(count, kernel, stream);
  }

  /// See exec/branches.hpp.
  template <class F>
  void branch(int count, const F& f) const {
    if (side != nullptr) return side->branch(*this, count, f);
    for (int k = 0; k < count; ++k) f(k, *this);
  }
  template <class F>
  void later(const F& f) const {
    if (side != nullptr) return side->later(*this, f);
    f(*this);
  }
  void finish() const {
    if (side != nullptr) side->finish(*this);
  }

  /// c += a b.
  template <class T>
  void gemm(view<const T> a, view<const std::type_identity_t<T>> b, view<std::type_identity_t<T>> c) const {
    if (c.size() > 0) launch_product(detail::product_block<T>{a, b, c});
  }

  /// c += a^T b.
  template <class T>
  void gemm_transposed(view<const T> a, view<const std::type_identity_t<T>> b,
                       view<std::type_identity_t<T>> c) const {
    if (c.size() > 0) launch_product(detail::product_transposed_block<T>{a, b, c});
  }

 private:
  static unsigned grid(index_t count) { return static_cast<unsigned>(count); }
  static unsigned blocks(index_t n) { return grid(chunk_count(n, cuda_block)); }

  template <class Kernel>
  void launch_product(const Kernel& kernel) const {
    for_each_block(kernel.blocks(), kernel);
  }
};

static_assert(policy<cuda> && has_blocks<cuda> && has_branches<cuda> && has_later<cuda>);

}  // namespace diffam::exec
