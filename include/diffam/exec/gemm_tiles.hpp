// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The dense products of the host policies, by tiles of C that stay in registers (Goto & van de Geijn,
// "Anatomy of high-performance matrix multiplication", ACM TOMS 2008, without packing: our matrices are tall
// and thin). Every element of C is a sum in a fixed order, whatever the number of threads.
#pragma once

#include <cstring>

#include "diffam/core/view.hpp"

#if defined(__GNUC__) && !defined(__clang__) && !defined(__CUDACC__)
#define DIFFAM_UNROLL _Pragma("GCC unroll 8")  // gcc unrolls the loops of a tile at -O3 only
#else
#define DIFFAM_UNROLL
#endif

namespace diffam::exec::detail {

/// Bytes of a vector register. Wider ones than the target has would be taken apart, through memory.
#if defined(__AVX__)
inline constexpr index_t register_bytes = 32;
#else
inline constexpr index_t register_bytes = 16;
#endif

/// Rows and columns of a tile: eight vectors of accumulators, two of a row of B, one element of A spread out.
inline constexpr index_t tile_rows = 4;
template <class T>
inline constexpr index_t tile_cols = 2 * register_bytes / static_cast<index_t>(sizeof(T));

/// A few numbers that move together. gcc and clang know them as a type of their own, which they keep in
/// registers; arrays of the same size they do not.
#if defined(__GNUC__) && !defined(__CUDACC__)
template <class T, index_t Count>
struct lanes_of {
  typedef T type __attribute__((vector_size(static_cast<int>(sizeof(T)) * Count)));
};
template <class T>
struct lanes_of<T, 1> {
  using type = T;
};
template <class T, index_t Count>
using lanes = typename lanes_of<T, Count>::type;
#else
template <class T, index_t Count>
struct lanes {
  T v[Count];
  friend lanes operator*(T s, const lanes& x) {
    lanes y;
    for (index_t j = 0; j < Count; ++j) y.v[j] = s * x.v[j];
    return y;
  }
  lanes& operator+=(const lanes& x) {
    for (index_t j = 0; j < Count; ++j) v[j] += x.v[j];
    return *this;
  }
};
#endif

/// By reference: passing such types by value depends on the compiler's target flags.
template <class Lanes, class T>
inline void load_lanes(Lanes& x, const T* from) {
  std::memcpy(&x, from, sizeof(x));
}

/// The factors of one tile: element (r, k) of the left one is a[r * a_row + k * a_depth].
template <class T>
struct tile_factors {
  const T* a;
  index_t a_row, a_depth;
  const T* b;  // depth rows of b_row elements
  index_t b_row;
  index_t depth;
};

/// c (Rows x Cols, rows c_row apart) += left right.
template <index_t Rows, index_t Cols, class T>
inline void add_tile(const tile_factors<T>& f, T* c, index_t c_row) {
  constexpr index_t most = register_bytes / static_cast<index_t>(sizeof(T));
  constexpr index_t width = Cols < most ? Cols : most, count = Cols / width;
  using pack = lanes<T, width>;
  pack sum[Rows][count] = {};
  for (index_t k = 0; k < f.depth; ++k) {
    pack b[count];
    DIFFAM_UNROLL for (index_t j = 0; j < count; ++j) load_lanes(b[j], f.b + k * f.b_row + j * width);
    DIFFAM_UNROLL for (index_t r = 0; r < Rows; ++r) {
      const T s = f.a[r * f.a_row + k * f.a_depth];
      DIFFAM_UNROLL for (index_t j = 0; j < count; ++j) sum[r][j] += s * b[j];
    }
  }
  DIFFAM_UNROLL for (index_t r = 0; r < Rows; ++r) {
    DIFFAM_UNROLL for (index_t j = 0; j < count; ++j) {
      T* to = c + r * c_row + j * width;
      pack x;
      load_lanes(x, to);
      x += sum[r][j];
      std::memcpy(to, &x, sizeof(x));
    }
  }
}

/// c (Rows x cols) += left right: tiles of Cols columns, the rest by halves.
template <index_t Rows, index_t Cols, class T>
inline void add_strip(tile_factors<T> f, T* c, index_t c_row, index_t cols) {
  for (; cols >= Cols; cols -= Cols, c += Cols, f.b += Cols) add_tile<Rows, Cols>(f, c, c_row);
  if constexpr (Cols > 1)
    if (cols > 0) add_strip<Rows, Cols / 2>(f, c, c_row, cols);
}

/// c (rows x cols) += left right.
template <class T>
inline void add_block(tile_factors<T> f, T* c, index_t c_row, index_t rows, index_t cols) {
  for (; rows >= tile_rows; rows -= tile_rows, c += tile_rows * c_row, f.a += tile_rows * f.a_row)
    add_strip<tile_rows, tile_cols<T>>(f, c, c_row, cols);
  for (; rows > 0; --rows, c += c_row, f.a += f.a_row) add_strip<1, tile_cols<T>>(f, c, c_row, cols);
}

/// C += A B, `height` rows of C an index.
template <class T>
struct gemm_kernel {
  static constexpr index_t height = 64;
  view<const T> a, b;
  view<T> c;

  void operator()(index_t i) const {
    const index_t first = i * height, rows = c.rows - first < height ? c.rows - first : height;
    add_block<T>({a.row(first), a.cols, 1, b.data, b.cols, a.cols}, c.row(first), c.cols, rows, c.cols);
  }
};

/// C += A^T B, `width` columns of A (a cache line of floats) an index; `band` rows of A and B at a time stay
/// in the first cache.
template <class T>
struct gemm_transposed_kernel {
  static constexpr index_t width = 16;
  static constexpr index_t band = 128;
  view<const T> a, b;
  view<T> c;

  void operator()(index_t i) const {
    const index_t first = i * width, rows = a.cols - first < width ? a.cols - first : width;
    for (index_t r = 0; r < a.rows; r += band) {
      const index_t depth = a.rows - r < band ? a.rows - r : band;
      add_block<T>({a.row(r) + first, 1, a.cols, b.row(r), b.cols, depth}, c.row(first), c.cols, rows,
                   c.cols);
    }
  }
};

}  // namespace diffam::exec::detail

#undef DIFFAM_UNROLL
