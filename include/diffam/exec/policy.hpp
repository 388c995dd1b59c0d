// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The execution policy concept: where data lives, and the closed list of verbs that a backend implements.
#pragma once

#include "diffam/core/buffer.hpp"
#include "diffam/exec/pair_sort.hpp"

namespace diffam::exec {

/// Elements per chunk of the host policies. Chunks are the unit of work and of summation: their borders do
/// not depend on the number of threads, and neither does any result.
inline constexpr index_t chunk_size = 256;

DIFFAM_HOST_DEVICE constexpr index_t chunk_count(index_t n, index_t grain = chunk_size) {
  return (n + grain - 1) / grain;
}

namespace detail {
struct probe_kernel {
  DIFFAM_HOST_DEVICE void operator()(index_t) const {}
};
struct probe_term {
  DIFFAM_HOST_DEVICE double operator()(index_t) const { return 0; }
};
}  // namespace detail

/// `E::memory` is where data lives.
template <class E>
concept has_memory_space = memory_space<typename E::memory>;

/// Loops: `f(i)` for all i < n, in any order. `grain` is how many indices make a unit of work; take 1 where
/// each index is long. Kernels are named functors, copyable, host-device, and do not throw.
template <class E>
concept has_loops = requires(const E& e, detail::probe_kernel f) {
  e.for_each_index(index_t{}, f);
  e.for_each_index(index_t{}, f, index_t{});
};

/// Memory: `fill(view, value)`, `copy(from, to)`.
template <class E>
concept has_memory_verbs = requires(const E& e, view<double> x, view<const double> y) {
  e.fill(x, 0.0);
  e.copy(y, x);
};

/// Sums: `reduce(n, f, out, scratch)` sets `*out` to the sum of f(i), numbers or `vec`s of them; `scratch`
/// has `reduce_scratch(n)` elements. `scatter_add(keys, rows, out, scratch)` adds row i of `rows` to row
/// keys[i] of `out`, in the order of i; `scratch` has `scatter_scratch(n, out.rows)` bytes for n keys. Where
/// a last argument says that the keys are those of the latest call with this scratch, a policy that sorts
/// them need not do so again.
template <class E>
concept has_sums = requires(const E& e, view<double> x, view<const double> y, view<const stored_index> k,
                            view<std::byte> bytes) {
  { E::reduce_scratch(index_t{}) } -> std::same_as<index_t>;
  e.reduce(index_t{}, detail::probe_term{}, x.data, x);
  { E::scatter_scratch(index_t{}, index_t{}) } -> std::same_as<index_t>;
  e.scatter_add(k, y, x, bytes);
  e.scatter_add(k, y, x, bytes, true);
};

/// Order: `sort_pairs(s, bits)` sorts a `pair_sort` by the lowest `bits` bits of its keys, and keeps the
/// order of equal ones; its scratch has `sort_scratch(n)` bytes for n pairs.
template <class E>
concept has_sort = requires(const E& e, const pair_sort& s) {
  { E::sort_scratch(index_t{}) } -> std::same_as<index_t>;
  e.sort_pairs(s, 32);
};

/// Dense products: `gemm(a, b, c)` adds A B to C, `gemm_transposed(a, b, c)` adds A^T B to C.
template <class E>
concept has_products = requires(const E& e, view<double> x, view<const double> y) {
  e.gemm(y, y, x);
  e.gemm_transposed(y, y, x);
};

template <class E>
concept policy = has_memory_space<E> && has_loops<E> && has_memory_verbs<E> && has_sums<E> && has_sort<E> &&
    has_products<E>;

}  // namespace diffam::exec
