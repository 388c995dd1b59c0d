// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The renderer by tiles of points, on a device: each thread block (exec/block.hpp) processes a tile. This
// file has the parts that the forward and the backward kernel share. The rows of a tile are points, its 64
// columns are features or units. All values between layers stay in shared memory.
#pragma once

#include "diffam/exec/block.hpp"
#include "diffam/render/activation.hpp"
#include "diffam/render/fourier.hpp"
#include "diffam/render/layer_norm.hpp"
#include "diffam/render/mlp/tile_products.hpp"
#include "diffam/render/mlp/tiles.hpp"

namespace diffam::detail {

/// The work of one thread block on one tile. A function with a parameter `t` does the work of thread t within
/// a phase; the other functions consist of whole phases.
template <class T, class Block>
class mlp_tile {
 public:
  using shape = mlp_tile_shape<T>;

  /// Keeps the values of `kept` layers for a backward pass.
  DIFFAM_HOST_DEVICE mlp_tile(const mlp_tiles<T>& f, const Block& block, index_t kept)
      : f_(f), block_(block), memory_(block.memory(), kept) {}

  DIFFAM_HOST_DEVICE const mlp_tile_memory<T>& memory() const { return memory_; }

  /// Writes the features of the points from `first` on into slot 1, where the first layer reads them. The
  /// other columns become 0. Rows after the last point get distance 0.
  DIFFAM_HOST_DEVICE void encode(int t, const view<const T>& x, index_t first) const {
    const int row = t / shape::per_row, n = static_cast<int>(f_.frequencies.rows);
    T* to = memory_.row(1, row);
    const T d = first + row < x.rows ? x(first + row, 0) : T(0);
    for (int j = t % shape::per_row; j < n; j += shape::per_row) {
      const sine_cosine<T> s = fourier_value(f_.frequencies[j], d);
      to[j] = s.sine;
      to[n + j] = s.cosine;
    }
    for (int j = 2 * n + t % shape::per_row; j < shape::side; j += shape::per_row) to[j] = T(0);
  }

  /// Copies W' and b' of hidden layer l into shared memory.
  DIFFAM_HOST_DEVICE void stage(int t, index_t l) const {
    const T* weight = f_.folded.data + f_.layout.weight(l);
    DIFFAM_UNROLL_ON_DEVICE for (int e = t; e < shape::side * shape::side; e += shape::threads)
        memory_.weight[e / shape::side * shape::pitch + e % shape::side] = weight[e];
    if (t < shape::side) memory_.bias[t] = f_.folded[f_.layout.bias(l) + t];
  }
  /// Copies w' of the output layer to the place of b' of a hidden layer.
  DIFFAM_HOST_DEVICE void stage_output(int t) const {
    if (t < shape::side) memory_.bias[t] = f_.folded[f_.layout.weight(f_.hidden_layers()) + t];
  }

  /// Computes hidden layer l, whose weights are staged, from slot `from` into slot `to` (a different one). If
  /// `Keep`, it stores which units are active after the ReLU, and the factors of the normalisation. Then it
  /// stages the next layer.
  template <bool Keep>
  DIFFAM_HOST_DEVICE void hidden_layer(index_t l, index_t from, index_t to) const {
    block_.phase([&](int t) { rectified_product(t, from, to); });
    block_.phase([&](int t) {
      const T* z = memory_.row(to, t / shape::per_row);
      T sum = 0;
      for (int j = t % shape::per_row; j < f_.width(); j += shape::per_row) sum += z[j];
      memory_.sums[0][t] = sum;
      if (l + 1 < f_.hidden_layers())
        stage(t, l + 1);
      else
        stage_output(t);
    });
    block_.phase([&](int t) {
      const T* z = memory_.row(to, t / shape::per_row);
      const T mean = row_total(0, t) / static_cast<T>(f_.width());
      T sum = 0;
      for (int j = t % shape::per_row; j < f_.width(); j += shape::per_row)
        sum += (z[j] - mean) * (z[j] - mean);
      memory_.sums[1][t] = sum;
    });
    block_.phase([&](int t) {
      const T count = static_cast<T>(f_.width());
      const row_moments<T> m{row_total(0, t) / count, inverse_deviation(row_total(1, t) / count)};
      T* z = memory_.row(to, t / shape::per_row);
      std::uint32_t passed = 0;
      DIFFAM_UNROLL_ON_DEVICE for (int s = 0; s < shape::columns; ++s) {
        T& value = z[t % shape::per_row + s * shape::per_row];
        passed |= static_cast<std::uint32_t>(value > T(0)) << s;
        value = normalise(m, value);
      }
      if constexpr (Keep) {
        memory_.passed[l * shape::threads + t] = passed;
        if (t % shape::per_row == 0)
          memory_.factor[l * shape::points + t / shape::per_row] = m.inverse_deviation;
      }
    });
  }

  /// The sum of sums[k] over the threads of the row of thread t.
  DIFFAM_HOST_DEVICE T row_total(int k, int t) const {
    const T* part = memory_.sums[k] + t / shape::per_row * shape::per_row;
    T sum = part[0];
    DIFFAM_UNROLL_ON_DEVICE for (int i = 1; i < shape::per_row; ++i) sum += part[i];
    return sum;
  }

 private:
  DIFFAM_HOST_DEVICE void rectified_product(int t, index_t from, index_t to) const {
    T sum[shape::rows][shape::width] = {};
    const int row = t / shape::across * shape::rows, col = t % shape::across;
    tile_dot<T>(memory_.row(from, row), memory_.weight + col * shape::pitch, sum);
    DIFFAM_UNROLL_ON_DEVICE for (int c = 0; c < shape::width; ++c) {
      const T bias = memory_.bias[col + c * shape::across];
      DIFFAM_UNROLL_ON_DEVICE for (int r = 0; r < shape::rows; ++r)
          memory_.row(to, row + r)[col + c * shape::across] = relu_value(sum[r][c] + bias);
    }
  }

  const mlp_tiles<T>& f_;
  const Block& block_;
  mlp_tile_memory<T> memory_;
};

}  // namespace diffam::detail
