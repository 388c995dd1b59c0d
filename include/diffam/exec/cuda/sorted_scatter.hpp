// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Scatter-add for policies with many threads. The rows are ordered by key, then each destination adds its own
// rows in their original order. This needs no floating-point atomics and gives the bits of a serial loop.
#pragma once

#include "diffam/exec/bucket_order.hpp"
#include "diffam/exec/pair_sort.hpp"

namespace diffam::exec::detail {

/// Writes pair i for the sort: key i, or all ones if the key is not a row, and the value i.
struct scatter_pair_kernel {
  view<const stored_index> from;
  index_t rows;
  view<std::uint32_t> keys;
  view<stored_index> values;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const stored_index key = from[i];
    keys[i] = key < 0 || key >= rows ? ~std::uint32_t{0} : static_cast<std::uint32_t>(key);
    values[i] = static_cast<stored_index>(i);
  }
};

/// Finds by binary search in the sorted keys where the rows of destination r begin, r = 0 ... R.
struct first_of_keys_kernel {
  view<const std::uint32_t> keys;  // ascending
  view<std::uint32_t> first;

  DIFFAM_HOST_DEVICE void operator()(index_t r) const {
    index_t at = 0;
    for (index_t n = keys.rows; n > 0;) {  // the first key that is >= r
      const index_t half = n / 2;
      const bool less = keys[at + half] < static_cast<std::uint32_t>(r);
      at = less ? at + half + 1 : at;
      n = less ? n - half - 1 : half;
    }
    first[r] = static_cast<std::uint32_t>(at);
  }
};

/// Adds all its rows to element i of the destination.
template <class T>
struct add_ordered_rows_kernel {
  view<const std::uint32_t> first;  // R + 1
  view<const stored_index> order;   // rows by destination
  view<const T> rows;
  view<T> out;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const index_t row = i / out.cols, col = i % out.cols;
    const std::uint32_t end = first[row + 1];
    constexpr std::uint32_t unroll = 4;  // rows loaded before the first is added, to hide latency
    T sum = out[i];
    for (std::uint32_t at = first[row]; at < end; at += unroll) {
      T x[unroll];
      DIFFAM_UNROLL_ON_DEVICE for (std::uint32_t k = 0; k < unroll; ++k) x[k] =
          at + k < end ? rows(order[at + k], col) : T(0);
      DIFFAM_UNROLL_ON_DEVICE for (std::uint32_t k = 0; k < unroll; ++k) sum =
          at + k < end ? sum + x[k] : sum;
    }
    out[i] = sum;
  }
};

/// Memory of a scatter. Few keys take a bucket sort, many keys a radix sort.
struct scatter_memory {
  bucket_order buckets;      // few keys; of many keys only `begin` is used
  pair_sort sort;            // many keys
  view<stored_index> order;  // rows by destination

  /// Whether n keys take the bucket sort.
  static bool few(index_t n) { return n <= bucket_order_limit; }
};

/// Takes the memory for n keys and `rows` destination rows.
template <class E>
scatter_memory plan_scatter(arena& a, index_t n, index_t rows) {
  scatter_memory m;
  if (scatter_memory::few(n)) {
    m.buckets = plan_bucket_order<E>(a, n, rows);
    m.order = m.buckets.order;
  } else {
    m.buckets.begin = a.take<std::uint32_t>(rows + 1);
    m.sort = plan_sort<E>(a, n);
    m.order = m.sort.sorted_values;
  }
  return m;
}

/// Bytes of scratch for n keys and `rows` destination rows.
template <class E>
index_t sorted_scatter_scratch(index_t n, index_t rows) {
  arena measuring;
  (void)plan_scatter<E>(measuring, n, rows);
  return measuring.used();
}

/// The verb `scatter_add`. `same_keys`: the keys are those of the previous call with this scratch, which
/// still holds their order.
template <class T, class E>
void sorted_scatter(const E& e, view<const stored_index> keys, view<const T> rows, view<T> out,
                    view<std::byte> scratch, bool same_keys) {
  const index_t n = keys.size();
  if (out.size() == 0 || n == 0) return;
  arena memory(scratch.data, scratch.size());
  const scatter_memory m = plan_scatter<E>(memory, n, out.rows);
  if (!same_keys && scatter_memory::few(n)) {
    order_by_bucket(e, keys.data, n, m.buckets);
  } else if (!same_keys) {
    e.for_each_index(n, scatter_pair_kernel{keys, out.rows, m.sort.keys, m.sort.values});
    e.sort_pairs(m.sort, bit_count(out.rows + 1));
    e.for_each_index(out.rows + 1, first_of_keys_kernel{m.sort.sorted_keys, m.buckets.begin});
  }
  e.for_each_index(out.size(), add_ordered_rows_kernel<T>{m.buckets.begin, m.order, rows, out});
}

}  // namespace diffam::exec::detail
