// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Dense matrix products of the host policies: the part of C that one index of a loop computes
// (simd/product.hpp).
#pragma once

#include "diffam/core/view.hpp"
#include "diffam/simd/product.hpp"

namespace diffam::exec::detail {

/// C += A B. One index computes `height` rows of C.
template <class T>
struct gemm_kernel {
  static constexpr index_t height = 96;
  view<const T> a, b;
  view<T> c;

  void operator()(index_t i) const {
    const index_t first = i * height, rows = c.rows - first < height ? c.rows - first : height;
    T* to = c.row(first);
    diffam::detail::product<>(
        diffam::detail::product_factors<T>{a.row(first), a.cols, 1, b.data, b.cols, a.cols},
        diffam::detail::product_target<T>{to, c.cols, to, c.cols}, rows, c.cols);
  }
};

/// C += A^T B. One index handles `width` columns of A (a cache line of floats), in bands of `band` rows that
/// fit the first-level cache. The rows are too far apart for the hardware prefetcher, so the product
/// prefetches them.
template <class T>
struct gemm_transposed_kernel {
  static constexpr index_t width = 16;
  static constexpr index_t band = 128;
  view<const T> a, b;
  view<T> c;

  void operator()(index_t i) const {
    const index_t first = i * width, rows = a.cols - first < width ? a.cols - first : width;
    T* to = c.row(first);
    for (index_t r = 0; r < a.rows; r += band) {
      const index_t depth = a.rows - r < band ? a.rows - r : band;
      diffam::detail::product<>(
          diffam::detail::product_factors<T>{
              a.row(r) + first, 1, a.cols, b.row(r), b.cols, depth, {}, {}, a.rows - r},
          diffam::detail::product_target<T>{to, c.cols, to, c.cols}, rows, c.cols);
    }
  }
};

}  // namespace diffam::exec::detail
