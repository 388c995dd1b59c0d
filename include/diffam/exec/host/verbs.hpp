// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The verbs of the host policies, written once. A policy only runs chunks of indices (`run_chunks`). Every
// sum has a fixed order, so `serial` and `threads` write the same bits.
#pragma once

#include <algorithm>

#include "diffam/exec/host/gemm_tiles.hpp"
#include "diffam/exec/policy.hpp"

namespace diffam::exec::detail {

/// The loop over a chunk. It is compiled once per kernel and all host policies run this code on the same
/// chunks. So the compiler's choice of vectorisation or fused multiply-add cannot make their results differ.
template <class F>
DIFFAM_NOINLINE void run_chunk(const F& f, index_t begin, index_t end) {
  for (index_t i = begin; i < end; ++i) f(i);
}

/// Sums the terms of a chunk in order.
template <class F, class T>
struct partial_sum_kernel {
  F f;
  index_t n;
  view<T> partial;

  void operator()(index_t chunk) const {
    const index_t end = std::min(n, (chunk + 1) * chunk_size);
    T sum{};
    for (index_t i = chunk * chunk_size; i < end; ++i) sum += f(i);
    partial[chunk] = sum;
  }
};

/// Each worker owns a band of destination rows. It reads all keys and adds the rows of its own band, in the
/// order of i.
template <class T>
struct scatter_band_kernel {
  view<const stored_index> keys;
  view<const T> rows;
  view<T> out;
  index_t bands;

  void operator()(index_t band) const {
    const index_t first = out.rows * band / bands, last = out.rows * (band + 1) / bands;
    if (out.cols == 3)
      add<3>(first, last);
    else
      add<0>(first, last);
  }

 private:
  /// `Cols` is the number of columns; 0 means the number at run time.
  template <int Cols>
  void add(index_t first, index_t last) const {
    const index_t cols = Cols > 0 ? Cols : out.cols;
    for (index_t i = 0; i < keys.size(); i += keys_per_test) {
      const index_t end = std::min(i + keys_per_test, keys.size());
      if (all_negative(i, end)) continue;
      for (index_t k = i; k < end; ++k) {
        const index_t key = keys[k];
        if (key < first || key >= last) continue;
        T* to = out.data + key * cols;
        const T* from = rows.data + k * cols;
        for (index_t j = 0; j < cols; ++j) to[j] += from[j];
      }
    }
  }

  /// Whether all keys in [i, end) are negative, which is common for rare events.
  static constexpr index_t keys_per_test = 16;
  bool all_negative(index_t i, index_t end) const {
    stored_index sign = -1;
    for (; i < end; ++i) sign &= keys[i];
    return sign < 0;
  }
};

/// Implements the verbs with `Derived::run_chunks(count, chunk_functor)` and `Derived::concurrency()`.
template <class Derived>
class host_verbs {
 public:
  using memory = host_memory;

  /// Calls f(i) for 0 <= i < n.
  template <class F>
  void for_each_index(index_t n, const F& f, index_t grain = chunk_size) const {
    self().run_chunks(chunk_count(n, grain), [&f, n, grain](index_t chunk) {
      run_chunk(f, chunk * grain, std::min(n, (chunk + 1) * grain));
    });
  }

  template <class T>
  void fill(view<T> x, std::type_identity_t<T> value) const {
    std::fill_n(x.data, x.size(), value);
  }

  template <class T>
  void copy(view<const T> from, view<std::type_identity_t<T>> to) const {
    std::copy_n(from.data, from.size(), to.data);
  }

  /// Elements of scratch that `reduce` needs for n terms.
  static constexpr index_t reduce_scratch(index_t n) { return chunk_count(n); }

  /// *out = sum of f(i). Each chunk is summed, then the chunks' sums are added in order.
  template <class F, class T>
  void reduce(index_t n, const F& f, T* out, view<T> scratch) const {
    const index_t chunks = chunk_count(n);
    for_each_index(chunks, partial_sum_kernel<F, T>{f, n, scratch}, 1);
    T sum{};
    for (index_t i = 0; i < chunks; ++i) sum += scratch[i];
    *out = sum;
  }

  static constexpr index_t scatter_scratch(index_t, index_t) { return 0; }

  /// out row keys[i] += rows row i, in the order of i. Negative keys are skipped.
  template <class T>
  void scatter_add(view<const stored_index> keys, view<const T> rows, view<std::type_identity_t<T>> out,
                   view<std::byte>, bool = false) const {
    const index_t bands = self().concurrency();
    for_each_index(bands, scatter_band_kernel<T>{keys, rows, out, bands}, 1);
  }

  static constexpr index_t sort_scratch(index_t n) { return radix_scratch(n); }

  /// Stable sort by the lowest `bits` bits of the keys, in the calling thread.
  void sort_pairs(const pair_sort& s, int bits) const { radix_sort_pairs(s, bits); }

  /// c += a b.
  template <class T>
  void gemm(view<const T> a, view<const std::type_identity_t<T>> b, view<std::type_identity_t<T>> c) const {
    using kernel = gemm_kernel<T>;
    for_each_index(chunk_count(c.rows, kernel::height), kernel{a, b, c}, 1);
  }

  /// c += a^T b.
  template <class T>
  void gemm_transposed(view<const T> a, view<const std::type_identity_t<T>> b,
                       view<std::type_identity_t<T>> c) const {
    using kernel = gemm_transposed_kernel<T>;
    for_each_index(chunk_count(a.cols, kernel::width), kernel{a, b, c}, 1);
  }

 private:
  const Derived& self() const { return static_cast<const Derived&>(*this); }
};

}  // namespace diffam::exec::detail
