// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The dense product of a small block of points: C = start + A B. Tiles of C stay in registers (Goto & van de
// Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 2008, without their packing: a block
// fits in the first-level cache).
#pragma once

#include "diffam/render/pack.hpp"

namespace diffam::detail {

/// A matrix with any strides: element (i, k) is data[i * row + k * col].
template <class T>
struct strided {
  T* data;
  index_t row, col;
};

/// `Rows` rows x one cache line of C.
template <int Rows, class T>
DIFFAM_HOST_DEVICE void product_tile(const strided<const T>& a, const strided<const T>& b, index_t depth,
                                     const strided<const T>& start, const strided<T>& c) {
  constexpr index_t lanes = pack<T>::lanes;
  pack<T> sum[Rows][2];
  for (int r = 0; r < Rows; ++r)
    for (int j = 0; j < 2; ++j) {
      if (start.data != nullptr)
        sum[r][j].load(start.data + r * start.row + j * lanes);
      else
        sum[r][j].set(T(0));
    }
  for (index_t k = 0; k < depth; ++k) {
    pack<T> right[2];
    right[0].load(b.data + k * b.row);
    right[1].load(b.data + k * b.row + lanes);
    for (int r = 0; r < Rows; ++r) {
      const T left = a.data[r * a.row + k * a.col];
      sum[r][0].add_product(left, right[0]);
      sum[r][1].add_product(left, right[1]);
    }
  }
  for (int r = 0; r < Rows; ++r)
    for (int j = 0; j < 2; ++j) sum[r][j].store(c.data + r * c.row + j * lanes);
}

/// `Rows` rows of C, all columns.
template <int Rows, class T>
DIFFAM_HOST_DEVICE void product_rows(index_t first, index_t cols, index_t depth, const strided<const T>& a,
                                     const strided<const T>& b, const strided<const T>& start,
                                     const strided<T>& c) {
  const strided<const T> a_rows{a.data + first * a.row, a.row, a.col};
  for (index_t j = 0; j < cols; j += line<T>) {
    const strided<const T> from{start.data == nullptr ? nullptr : start.data + first * start.row + j,
                                start.row, 1};
    product_tile<Rows>(a_rows, strided<const T>{b.data + j, b.row, 1}, depth, from,
                       strided<T>{c.data + first * c.row + j, c.row, 1});
  }
}

/// C = start + A B with C of rows x cols, A of rows x depth. Columns of B, C and start are contiguous, `cols`
/// is padded. start.data may be null (zeros), c.data itself (accumulate), or a row of stride 0 (bias).
template <class T>
DIFFAM_HOST_DEVICE void product(index_t rows, index_t cols, index_t depth, const strided<const T>& a,
                                const strided<const T>& b, const strided<const T>& start,
                                const strided<T>& c) {
  index_t i = 0;
  for (; i + 6 <= rows; i += 6) product_rows<6>(i, cols, depth, a, b, start, c);
  if (i + 4 <= rows) {
    product_rows<4>(i, cols, depth, a, b, start, c);
    i += 4;
  }
  if (i + 2 <= rows) {
    product_rows<2>(i, cols, depth, a, b, start, c);
    i += 2;
  }
  if (i < rows) product_rows<1>(i, cols, depth, a, b, start, c);
}

}  // namespace diffam::detail
