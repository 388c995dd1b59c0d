// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The dense product of blocks, C = start + A B, by tiles of C that stay in registers (Goto & van de Geijn,
// "Anatomy of high-performance matrix multiplication", ACM TOMS 2008, without packing: our matrices are tall
// and thin, or fit in the first cache). Every element of C is a sum in one fixed order.
#pragma once

#include "diffam/core/lanes.hpp"

namespace diffam::detail {

/// A and B: element (r, k) of A is a[r * a_row + k * a_depth]; rows of B are contiguous.
template <class T>
struct product_factors {
  const T* a;
  index_t a_row, a_depth;
  const T* b;  // depth rows of b_row elements
  index_t b_row;
  index_t depth;
};

/// Where C starts and goes to. `start` may be null (zeros), `c` itself (accumulate), or one row with
/// start_row 0 (a bias).
template <class T>
struct product_target {
  const T* start;
  index_t start_row;
  T* c;
  index_t c_row;

  DIFFAM_HOST_DEVICE void skip(index_t elements) {
    if (start != nullptr) start += elements;
    c += elements;
  }
};

/// Rows x Cols elements of C. Six rows of a cache line take 12 of 16 registers with AVX2.
template <int Rows, int Cols, class T>
DIFFAM_HOST_DEVICE void product_tile(const product_factors<T>& f, const product_target<T>& to) {
  using row = lanes<T, Cols>;
  row sum[Rows];
  DIFFAM_UNROLL for (int r = 0; r < Rows; ++r) {
    if (to.start != nullptr)
      sum[r] = row::load(to.start + r * to.start_row);
    else
      sum[r] = row(0);
  }
  for (index_t k = 0; k < f.depth; ++k) {
    const row b = row::load(f.b + k * f.b_row);
    DIFFAM_UNROLL for (int r = 0; r < Rows; ++r) sum[r].add_product(f.a[r * f.a_row + k * f.a_depth], b);
  }
  DIFFAM_UNROLL for (int r = 0; r < Rows; ++r) sum[r].store(to.c + r * to.c_row);
}

/// Rows x cols: tiles of Cols columns, the rest by halves.
template <int Rows, int Cols, class T>
DIFFAM_HOST_DEVICE void product_strip(product_factors<T> f, product_target<T> to, index_t cols) {
  for (; cols >= Cols; cols -= Cols, f.b += Cols, to.skip(Cols)) product_tile<Rows, Cols>(f, to);
  if constexpr (Cols > 1)
    if (cols > 0) product_strip<Rows, Cols / 2>(f, to, cols);
}

/// All of C, rows x cols: strips of six rows, then four, two, one.
template <int Rows = 6, class T>
DIFFAM_HOST_DEVICE void product(product_factors<T> f, product_target<T> to, index_t rows, index_t cols) {
  for (; rows >= Rows; rows -= Rows) {
    product_strip<Rows, lanes_in_line<T>>(f, to, cols);
    f.a += Rows * f.a_row;
    if (to.start != nullptr) to.start += Rows * to.start_row;
    to.c += Rows * to.c_row;
  }
  if constexpr (Rows > 1)
    if (rows > 0) product<(Rows > 4 ? 4 : Rows / 2)>(f, to, rows, cols);
}

}  // namespace diffam::detail
