// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The dense product of blocks, C = start + A B, by tiles of C that stay in registers (Goto & van de Geijn,
// "Anatomy of high-performance matrix multiplication", ACM TOMS 2008, without packing: our matrices are tall
// and thin, or fit in the first cache). Every element of C is a sum in one fixed order.
#pragma once

#include "diffam/simd/lanes.hpp"

namespace diffam::detail {

/// Indices as they come.
struct every_index {
  DIFFAM_HOST_DEVICE constexpr index_t operator[](index_t i) const { return i; }
};
/// Some indices only, from a list.
struct listed_indices {
  const stored_index* at;
  DIFFAM_HOST_DEVICE constexpr index_t operator[](index_t i) const { return at[i]; }
};

/// A and B: element (r, k) of A is a[rows[r] * a_row + depths[k] * a_depth]; row k of B is b[depths[k] *
/// b_row], contiguous. Both may be null where the depth is 0.
template <class T, class Rows = every_index, class Depths = every_index>
struct product_factors {
  const T* a;
  index_t a_row, a_depth;
  const T* b;
  index_t b_row;
  index_t depth;  // how many k
  Rows rows{};    // of C too
  Depths depths{};
  index_t present = 0;  // A has so many k: they are fetched ahead; 0 where A is in the cache anyway

  DIFFAM_HOST_DEVICE void skip(index_t columns) {
    if (b != nullptr) b += columns;
  }
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

/// Bytes of a row of a tile: two registers where there are 16 registers (SSE2: 16 bytes each, AVX: 32), four
/// of 32 registers (NEON).
#if defined(__SSE2__) && !defined(__AVX__)
inline constexpr int tile_bytes = 32;
#else
inline constexpr int tile_bytes = 64;
#endif

/// Rows x Cols elements of C, from row `first` on. Six rows of two registers take 12 of 16 registers.
template <int Rows, int Cols, class T, class R, class D>
DIFFAM_HOST_DEVICE void product_tile(const product_factors<T, R, D>& f, const product_target<T>& to,
                                     index_t first) {
  using row = lanes<T, Cols>;
  constexpr index_t ahead = 32;
  row sum[Rows];
  const T* a[Rows];
  DIFFAM_UNROLL for (int r = 0; r < Rows; ++r) {
    a[r] = f.a + f.rows[first + r] * f.a_row;
    if (to.start != nullptr)
      sum[r] = row::load(to.start + f.rows[first + r] * to.start_row);
    else
      sum[r] = row(0);
  }
  for (index_t s = 0; s < f.depth; ++s) {
    const index_t k = f.depths[s];
    const row b = row::load(f.b + k * f.b_row);
    if (s + ahead < f.present) {
      const index_t next = f.depths[s + ahead] * f.a_depth;
      prefetch(a[0] + next);
      prefetch(a[Rows - 1] + next);
    }
    DIFFAM_UNROLL for (int r = 0; r < Rows; ++r) sum[r].add_product(a[r][k * f.a_depth], b);
  }
  DIFFAM_UNROLL for (int r = 0; r < Rows; ++r) sum[r].store(to.c + f.rows[first + r] * to.c_row);
}

/// Rows x cols: tiles of Cols columns, the rest by halves.
template <int Rows, int Cols, class T, class R, class D>
DIFFAM_HOST_DEVICE void product_strip(product_factors<T, R, D> f, product_target<T> to, index_t first,
                                      index_t cols) {
  for (; cols >= Cols; cols -= Cols, f.skip(Cols), to.skip(Cols)) product_tile<Rows, Cols>(f, to, first);
  if constexpr (Cols > 1)
    if (cols > 0) product_strip<Rows, Cols / 2>(f, to, first, cols);
}

/// All of C, rows x cols: strips of six rows, then four, two, one. On a device, which has products of its own
/// for what takes time, element by element: tiles of registers are long to compile there.
template <int Rows = 6, class T, class R, class D>
DIFFAM_HOST_DEVICE void product(const product_factors<T, R, D>& f, const product_target<T>& to, index_t rows,
                                index_t cols, index_t first = 0) {
#if defined(__CUDA_ARCH__)
  for (; first < rows; ++first)
    for (index_t col = 0; col < cols; ++col) {
      product_target<T> at = to;
      product_factors<T, R, D> here = f;
      at.skip(col);
      here.skip(col);
      product_tile<1, 1>(here, at, first);
    }
#else
  for (; first + Rows <= rows; first += Rows)
    product_strip<Rows, tile_bytes / int{sizeof(T)}>(f, to, first, cols);
  if constexpr (Rows > 1)
    if (first < rows) product<(Rows > 4 ? 4 : Rows / 2)>(f, to, rows, cols, first);
#endif
}

}  // namespace diffam::detail
