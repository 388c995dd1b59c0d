// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Dense matrix products for policies with thread blocks (exec/block.hpp). They are made for the spectral map:
// a tall matrix of about 100 columns times a matrix of few columns, and its transpose times a tall matrix of
// few columns. Sums have a fixed order.
#pragma once

#include "diffam/core/view.hpp"
#include "diffam/exec/block.hpp"
#include "diffam/exec/policy.hpp"

namespace diffam::exec::detail {

/// C += A B. A block computes a tile of `side` x `side` elements of C, a thread one element. The block loads
/// `depth` columns of A and rows of B at a time into shared memory; 150 modes take three rounds.
template <class T>
struct product_block {
  static constexpr int threads = 256, side = 16, depth = 64;
  static constexpr int left_pitch = depth + 1, right_pitch = side + 1;
  view<const T> a, b;
  view<T> c;

  index_t blocks() const { return a.cols == 0 ? 0 : chunk_count(c.rows, side) * chunk_count(c.cols, side); }
  index_t shared_bytes() const {
    return static_cast<index_t>(sizeof(T)) * (side * left_pitch + depth * right_pitch);
  }

  template <class Block>
  DIFFAM_HOST_DEVICE void operator()(const Block& block) const {
    T* left = reinterpret_cast<T*>(block.memory());
    T* right = left + side * left_pitch;
    const index_t across = chunk_count(c.cols, side);
    const index_t row = block.index() / across * side, col = block.index() % across * side;
    typename Block::template each<T> sum;
    block.phase([&](int t) {
      sum[t] = T(0);
      stage(t, row, col, 0, left, right);
    });
    for (index_t k = 0; k < a.cols; k += depth) {
      block.phase([&](int t) {
        const T* x = left + t / side * left_pitch;
        const T* y = right + t % side;
        DIFFAM_UNROLL_ON_DEVICE for (int s = 0; s < depth; ++s) sum[t] += x[s] * y[s * right_pitch];
      });
      block.phase([&](int t) { stage(t, row, col, k + depth, left, right); });
    }
    block.phase([&](int t) {
      const index_t i = row + t / side, j = col + t % side;
      if (i < c.rows && j < c.cols) c(i, j) += sum[t];
    });
  }

 private:
  /// Loads columns k ... of A and rows k ... of B into shared memory, with zeros outside of the matrices.
  DIFFAM_HOST_DEVICE void stage(int t, index_t row, index_t col, index_t k, T* left, T* right) const {
    if (k >= a.cols) return;
    DIFFAM_UNROLL_ON_DEVICE for (int e = t; e < side * depth; e += threads) {
      const index_t i = row + e / depth, s = k + e % depth;
      left[e / depth * left_pitch + e % depth] = i < a.rows && s < a.cols ? a(i, s) : T(0);
    }
    DIFFAM_UNROLL_ON_DEVICE for (int e = t; e < side * depth; e += threads) {
      const index_t s = k + e / side, j = col + e % side;
      right[e / side * right_pitch + e % side] = s < b.rows && j < b.cols ? b(s, j) : T(0);
    }
  }
};

/// C += A^T B. A block computes a tile of 2 x 16 elements of C from all rows of A and B. A thread sums a 2 x
/// 4 part over every `bands`th row, then the bands are combined in a tree. 150 modes take 75 blocks.
template <class T>
struct product_transposed_block {
  static constexpr int threads = 256, rows = 2, cols = 16, width = 4;
  static constexpr int parts = cols / width, bands = threads / parts;
  static constexpr int outputs = rows * cols;
  view<const T> a, b;
  view<T> c;

  index_t blocks() const { return a.rows == 0 ? 0 : chunk_count(c.rows, rows) * chunk_count(c.cols, cols); }
  index_t shared_bytes() const { return static_cast<index_t>(sizeof(T)) * bands * outputs; }

  template <class Block>
  DIFFAM_HOST_DEVICE void operator()(const Block& block) const {
    T* sums = reinterpret_cast<T*>(block.memory());  // bands x outputs
    const index_t across = chunk_count(c.cols, cols);
    const index_t row = block.index() / across * rows, col = block.index() % across * cols;
    block.phase([&](int t) { sum_band(t, row, col, sums); });
    for (int half = bands / 2; half > 0; half /= 2)
      block.phase([&](int t) {
        for (int e = t; e < half * outputs; e += threads) sums[e] += sums[e + half * outputs];
      });
    block.phase([&](int t) {
      const index_t i = row + t / cols, j = col + t % cols;
      if (t < outputs && i < c.rows && j < c.cols) c(i, j) += sums[t];
    });
  }

 private:
  DIFFAM_HOST_DEVICE void sum_band(int t, index_t row, index_t col, T* sums) const {
    const index_t part = col + t % parts * width;
    T sum[rows][width] = {};
    DIFFAM_UNROLL_8_ON_DEVICE for (index_t k = t / parts; k < a.rows; k += bands) {
      T x[rows], y[width];
      DIFFAM_UNROLL_ON_DEVICE for (int i = 0; i < rows; ++i) x[i] = row + i < a.cols ? a(k, row + i) : T(0);
      DIFFAM_UNROLL_ON_DEVICE for (int j = 0; j < width; ++j) y[j] =
          part + j < b.cols ? b(k, part + j) : T(0);
      DIFFAM_UNROLL_ON_DEVICE for (int i = 0; i < rows; ++i)
          DIFFAM_UNROLL_ON_DEVICE for (int j = 0; j < width; ++j) sum[i][j] += x[i] * y[j];
    }
    T* to = sums + t / parts * outputs + t % parts * width;
    DIFFAM_UNROLL_ON_DEVICE for (int i = 0; i < rows; ++i)
        DIFFAM_UNROLL_ON_DEVICE for (int j = 0; j < width; ++j) to[i * cols + j] = sum[i][j];
  }
};

}  // namespace diffam::exec::detail
