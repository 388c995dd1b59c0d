// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Rows added to rows by key, for policies with many threads: sort the keys, then each destination adds up its
// run of rows in the order in which they came. No atomics, and the bits of a plain loop.
#pragma once

#include "diffam/exec/block.hpp"
#include "diffam/exec/pair_sort.hpp"

namespace diffam::exec::detail {

/// Pair i: key i, or all ones where it names no row; and i.
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

/// Element i of the destination.
template <class T>
struct add_sorted_rows_kernel {
  view<const std::uint32_t> keys;  // ascending
  view<const stored_index> order;  // the row that belongs to a key
  view<const T> rows;
  view<T> out;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const auto row = static_cast<std::uint32_t>(i / out.cols);
    const index_t col = i % out.cols;
    index_t at = 0;
    for (index_t n = keys.rows; n > 0;) {  // the first key that is not less
      const index_t half = n / 2;
      const bool less = keys[at + half] < row;
      at = less ? at + half + 1 : at;
      n = less ? n - half - 1 : half;
    }
    constexpr int ahead = 4;  // loaded before the first is added: memory is far
    T sum = out[i];
    for (bool more = true; more; at += ahead) {
      T x[ahead];
      bool own[ahead];
      DIFFAM_UNROLL_ON_DEVICE for (int k = 0; k < ahead; ++k) {
        own[k] = at + k < keys.rows && keys[at + k] == row;
        x[k] = own[k] ? rows(order[at + k], col) : T(0);
      }
      DIFFAM_UNROLL_ON_DEVICE for (int k = 0; k < ahead; ++k) sum = own[k] ? sum + x[k] : sum;
      more = own[ahead - 1];
    }
    out[i] = sum;
  }
};

/// Bytes for n keys.
template <class E>
index_t sorted_scatter_scratch(index_t n) {
  arena measuring;
  (void)plan_sort<E>(measuring, n);
  return measuring.used();
}

/// `same_keys`: those of the latest call with this scratch, which holds them sorted.
template <class T, class E>
void sorted_scatter(const E& e, view<const stored_index> keys, view<const T> rows, view<T> out,
                    view<std::byte> scratch, bool same_keys) {
  if (out.size() == 0 || keys.size() == 0) return;
  arena memory(scratch.data, scratch.size());
  const pair_sort s = plan_sort<E>(memory, keys.size());
  if (!same_keys) {
    e.for_each_index(keys.size(), scatter_pair_kernel{keys, out.rows, s.keys, s.values});
    e.sort_pairs(s, bit_count(out.rows + 1));
  }
  e.for_each_index(out.size(), add_sorted_rows_kernel<T>{s.sorted_keys, s.sorted_values, rows, out});
}

}  // namespace diffam::exec::detail
