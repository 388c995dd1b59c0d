// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The parts of the three matrix products of a layer that one thread computes, from matrices of a tile in
// shared memory. All rows have the same pitch, which avoids bank conflicts. Rows are read four elements at a
// time.
#pragma once

#include <cstring>

#include "diffam/exec/block.hpp"

namespace diffam::detail {

/// The division of a tile among the threads of a block.
template <class T>
struct mlp_tile_shape {
  static constexpr int threads = 256;
  static constexpr int points = sizeof(T) == 4 ? 64 : 32;  // rows of a tile
  static constexpr int side = 64;                          // columns of a tile, and rows of a weight matrix
  static constexpr int pitch = side + 4;                   // elements between the starts of two rows
  // Work by rows: `per_row` threads share a row, and each takes every `per_row`th column.
  static constexpr int per_row = threads / points;
  static constexpr int columns = side / per_row;
  // Products: `across` threads share the columns. Each thread computes a part of rows x width, or of 4 x
  // width of a weight matrix.
  static constexpr int across = 16;
  static constexpr int width = side / across;
  static constexpr int rows = points * across / threads;
};

template <class T>
struct alignas(16) quad {
  T v[4];
};

/// Loads four elements from an address that is a multiple of 16.
template <class T>
DIFFAM_HOST_DEVICE quad<T> load_quad(const T* from) {
  quad<T> q;
  std::memcpy(&q, __builtin_assume_aligned(from, 16), sizeof q);
  return q;
}

/// sum[r][c] += sum_k a[r][k] b[16 c][k]: rows of activations times rows of weights.
template <class T>
DIFFAM_HOST_DEVICE void tile_dot(const T* a, const T* b,
                                 T (&sum)[mlp_tile_shape<T>::rows][mlp_tile_shape<T>::width]) {
  using s = mlp_tile_shape<T>;
  for (int k = 0; k < s::side; k += 4) {
    quad<T> x[s::rows];
    DIFFAM_UNROLL_ON_DEVICE for (int r = 0; r < s::rows; ++r) x[r] = load_quad(a + r * s::pitch + k);
    DIFFAM_UNROLL_ON_DEVICE for (int c = 0; c < s::width; ++c) {
      const quad<T> y = load_quad(b + c * s::across * s::pitch + k);
      DIFFAM_UNROLL_ON_DEVICE for (int r = 0; r < s::rows; ++r)
          DIFFAM_UNROLL_ON_DEVICE for (int i = 0; i < 4; ++i) sum[r][c] += x[r].v[i] * y.v[i];
    }
  }
}

/// sum[r][c] += sum_k a[r][k] b[k][c]: rows of gradients times the weights.
template <class T>
DIFFAM_HOST_DEVICE void tile_product(const T* a, const T* b,
                                     T (&sum)[mlp_tile_shape<T>::rows][mlp_tile_shape<T>::width]) {
  using s = mlp_tile_shape<T>;
  for (int k = 0; k < s::side; k += 4) {
    quad<T> x[s::rows];
    DIFFAM_UNROLL_ON_DEVICE for (int r = 0; r < s::rows; ++r) x[r] = load_quad(a + r * s::pitch + k);
    DIFFAM_UNROLL_ON_DEVICE for (int i = 0; i < 4; ++i) {
      const quad<T> y = load_quad(b + (k + i) * s::pitch);
      DIFFAM_UNROLL_ON_DEVICE for (int r = 0; r < s::rows; ++r)
          DIFFAM_UNROLL_ON_DEVICE for (int c = 0; c < s::width; ++c) sum[r][c] += x[r].v[i] * y.v[c];
    }
  }
}

/// sum[r][c] += sum_k a[k][r] b[k][c] over the points k of a tile: gradients times activations.
template <class T>
DIFFAM_HOST_DEVICE void tile_outer(const T* a, const T* b, T (&sum)[4][mlp_tile_shape<T>::width]) {
  using s = mlp_tile_shape<T>;
  for (int k = 0; k < s::points; ++k) {
    const quad<T> x = load_quad(a + k * s::pitch), y = load_quad(b + k * s::pitch);
    DIFFAM_UNROLL_ON_DEVICE for (int r = 0; r < 4; ++r)
        DIFFAM_UNROLL_ON_DEVICE for (int c = 0; c < s::width; ++c) sum[r][c] += x.v[r] * y.v[c];
  }
}

}  // namespace diffam::detail
