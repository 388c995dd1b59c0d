// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The concept of an execution policy: the memory of its data, and the closed list of verbs that a backend
// implements.
#pragma once

#include "diffam/core/buffer.hpp"
#include "diffam/exec/pair_sort.hpp"

namespace diffam::exec {

/// Elements per chunk of the host policies. A chunk is the unit of work and of summation. Its borders do not
/// depend on the number of threads, so results do not either.
inline constexpr index_t chunk_size = 256;

/// Number of chunks of `grain` elements in n elements, rounded up.
DIFFAM_HOST_DEVICE constexpr index_t chunk_count(index_t n, index_t grain = chunk_size) {
  return (n + grain - 1) / grain;
}

namespace detail {
/// A kernel and a term for the concepts below.
struct probe_kernel {
  DIFFAM_HOST_DEVICE void operator()(index_t) const {}
};
struct probe_term {
  DIFFAM_HOST_DEVICE double operator()(index_t) const { return 0; }
};
}  // namespace detail

/// `E::memory` is the memory space of the data.
template <class E>
concept has_memory_space = memory_space<typename E::memory>;

/// Loops: `for_each_index(n, f, grain)` calls `f(i)` for all i < n, in any order. `grain` is the number of
/// indices in a unit of work; use 1 if each index takes long. Kernels are named functors. They are copyable,
/// host-device, and do not throw.
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

/// Sums. `reduce(n, f, out, scratch)` sets `*out` to the sum of f(i), i < n, which are numbers or `vec`s;
/// `scratch` has `reduce_scratch(n)` elements. `scatter_add(keys, rows, out, scratch, same_keys)` adds row i
/// of `rows` to row keys[i] of `out`, in the order of i; `scratch` has `scatter_scratch(n, out.rows)` bytes
/// for n keys. `same_keys` promises that the keys equal those of the previous call with this scratch: a
/// policy need not sort them again.
template <class E>
concept has_sums = requires(const E& e, view<double> x, view<const double> y, view<const stored_index> k,
                            view<std::byte> bytes) {
  { E::reduce_scratch(index_t{}) } -> std::same_as<index_t>;
  e.reduce(index_t{}, detail::probe_term{}, x.data, x);
  { E::scatter_scratch(index_t{}, index_t{}) } -> std::same_as<index_t>;
  e.scatter_add(k, y, x, bytes);
  e.scatter_add(k, y, x, bytes, true);
};

/// Sorting: `sort_pairs(s, bits)` is a stable sort of a `pair_sort` by the lowest `bits` bits of its keys.
/// Its scratch has `sort_scratch(n)` bytes for n pairs.
template <class E>
concept has_sort = requires(const E& e, const pair_sort& s) {
  { E::sort_scratch(index_t{}) } -> std::same_as<index_t>;
  e.sort_pairs(s, 32);
};

/// Dense matrix products: `gemm(a, b, c)` adds A B to C, `gemm_transposed(a, b, c)` adds A^T B to C.
template <class E>
concept has_products = requires(const E& e, view<double> x, view<const double> y) {
  e.gemm(y, y, x);
  e.gemm_transposed(y, y, x);
};

/// An execution policy.
template <class E>
concept policy = has_memory_space<E> && has_loops<E> && has_memory_verbs<E> && has_sums<E> && has_sort<E> &&
    has_products<E>;

}  // namespace diffam::exec
