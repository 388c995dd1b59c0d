// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The backward kernel of the renderer by tiles, and the sums over thread blocks. A tile first repeats its
// forward pass, because this costs less than storing all values between layers. Then a slot holds n of its
// layer, until the gradient of the layer replaces it.
#pragma once

#include "diffam/render/mlp/tile.hpp"

namespace diffam::detail {

/// Kernel of a thread block: writes the gradients of the folded parameters to its row of `partial`, and adds
/// to d_x.
template <class T>
struct mlp_tile_backward {
  using shape = mlp_tile_shape<T>;
  static constexpr int threads = shape::threads;
  mlp_tiles<T> f;
  view<const T> x, d_y;  // N x C: column 0; N x 1
  view<T> d_x;           // N x C: adds to column 0; may be empty

  index_t shared_bytes() const { return mlp_tile_memory<T>::bytes(f.hidden_layers()); }

  template <class Block>
  DIFFAM_HOST_DEVICE void operator()(const Block& block) const {
    const index_t tiles = f.tile_count(x.rows), blocks = f.partial.rows;
    const index_t begin = tiles * block.index() / blocks, end = tiles * (block.index() + 1) / blocks;
    for (index_t tile = begin; tile < end; ++tile)
      run(block, tile * shape::points, sums_of_block{f.partial.row(block.index()), tile == begin});
  }

 private:
  /// The gradients of a thread block: its first tile writes them, the others add to them.
  struct sums_of_block {
    T* at;
    bool first;
    DIFFAM_HOST_DEVICE void add(index_t i, T value) const { at[i] = first ? value : at[i] + value; }
  };

  template <class Block>
  DIFFAM_HOST_DEVICE void run(const Block& block, index_t first, const sums_of_block& sums) const {
    const index_t layers = f.hidden_layers();
    const mlp_tile<T, Block> tile(f, block, layers);
    const mlp_tile_memory<T>& memory = tile.memory();
    block.phase([&](int t) {
      tile.encode(t, x, first);
      tile.stage(t, 0);
      if (t >= shape::points) return;
      const index_t p = first + t;
      memory.d[t] = p < x.rows ? output_pullback(f.output, f.y[p], d_y[p]) : T(0);
    });
    for (index_t l = 0; l < layers; ++l) tile.template hidden_layer<true>(l, l == 0 ? 1 : l - 1, l);
    pull_output(block, tile, sums);
    for (index_t l = layers - 1; l > 0; --l) pull_layer(block, tile, l, sums);
    pull_first_layer(block, tile, first, sums);
  }

  /// Backward through the output layer: slot H - 1 becomes the gradient of the linear output of the last
  /// hidden layer.
  template <class Block>
  DIFFAM_HOST_DEVICE void pull_output(const Block& block, const mlp_tile<T, Block>& tile,
                                      const sums_of_block& sums) const {
    const mlp_tile_memory<T>& memory = tile.memory();
    const index_t l = f.hidden_layers() - 1;
    const auto d_n = [&](int row, int j) { return memory.d[row] * memory.bias[j]; };
    block.phase([&](int t) {
      const int j = t % shape::side;
      T sum = 0;
      for (int row = t / shape::side; row < shape::points; row += bands)
        sum += memory.d[row] * memory.row(l, row)[j];
      memory.sums[2][t] = sum;
      norm_sums(t, memory, l, d_n);
    });
    block.phase([&](int t) {
      if (t < shape::side) sums.add(f.layout.weight(l + 1) + t, column_total(memory, t));
      if (t == shape::side) {
        T sum = 0;
        for (int row = 0; row < shape::points; ++row) sum += memory.d[row];
        sums.add(f.layout.bias(l + 1), sum);
      }
      pull_norm(t, tile, l, d_n);
    });
  }

  /// Backward through the linear map of layer l > 0, and through the normalisation and the ReLU before it.
  template <class Block>
  DIFFAM_HOST_DEVICE void pull_layer(const Block& block, const mlp_tile<T, Block>& tile, index_t l,
                                     const sums_of_block& sums) const {
    const mlp_tile_memory<T>& memory = tile.memory();
    const auto d_n = [&](int row, int j) { return memory.row(l, row)[j]; };
    pull_linear(block, tile, l, l - 1, true, sums);
    block.phase([&](int t) { norm_sums(t, memory, l - 1, d_n); });
    block.phase([&](int t) { pull_norm(t, tile, l - 1, d_n); });
  }

  /// Backward through the linear map of layer 0 and, if d_x is wanted, through the features.
  template <class Block>
  DIFFAM_HOST_DEVICE void pull_first_layer(const Block& block, const mlp_tile<T, Block>& tile, index_t first,
                                           const sums_of_block& sums) const {
    const mlp_tile_memory<T>& memory = tile.memory();
    block.phase([&](int t) { tile.encode(t, x, first); });
    pull_linear(block, tile, 0, 1, !d_x.empty(), sums);
    if (d_x.empty()) return;
    block.phase([&](int t) {
      const int n = static_cast<int>(f.frequencies.rows), row = t / shape::per_row;
      const T* feature = memory.row(1, row);
      const T* d_feature = memory.row(0, row);
      T sum = 0;
      for (int j = t % shape::per_row; j < n; j += shape::per_row)
        sum += fourier_pullback(f.frequencies[j], sine_cosine<T>{feature[j], feature[n + j]},
                                sine_cosine<T>{d_feature[j], d_feature[n + j]});
      memory.sums[0][t] = sum;
    });
    block.phase([&](int t) {
      const index_t p = first + t / shape::per_row;
      if (t % shape::per_row == 0 && p < x.rows) d_x(p, 0) += tile.row_total(0, t);
    });
  }

  /// Slot l holds the gradient of the output of a linear map, slot `in` its input. If `d_input`, slot l
  /// becomes the gradient of the input. Then the weights of the previous layer are staged.
  template <class Block>
  DIFFAM_HOST_DEVICE void pull_linear(const Block& block, const mlp_tile<T, Block>& tile, index_t l,
                                      index_t in, bool d_input, const sums_of_block& sums) const {
    const mlp_tile_memory<T>& memory = tile.memory();
    struct part {
      T v[shape::rows][shape::width];
    };
    typename Block::template each<part> d;
    block.phase([&](int t) {
      weight_gradient(t, memory, l, in, sums);
      T sum = 0;
      for (int row = t / shape::side; row < shape::points; row += bands)
        sum += memory.row(l, row)[t % shape::side];
      memory.sums[2][t] = sum;
      if (!d_input) return;
      part own{};
      tile_product<T>(memory.row(l, t / shape::across * shape::rows),
                      memory.weight + t % shape::across * shape::width, own.v);
      d[t] = own;
    });
    block.phase([&](int t) {
      if (t < shape::side) sums.add(f.layout.bias(l) + t, column_total(memory, t));
      if (l > 0) tile.stage(t, l - 1);
      if (!d_input) return;
      DIFFAM_UNROLL_ON_DEVICE for (int r = 0; r < shape::rows; ++r)
          DIFFAM_UNROLL_ON_DEVICE for (int c = 0; c < shape::width; ++c) memory.row(
              l, t / shape::across * shape::rows + r)[t % shape::across * shape::width + c] = d[t].v[r][c];
    });
  }

  DIFFAM_HOST_DEVICE void weight_gradient(int t, const mlp_tile_memory<T>& memory, index_t l, index_t in,
                                          const sums_of_block& sums) const {
    const int row = t / shape::across * 4, col = t % shape::across * shape::width;
    T d[4][shape::width] = {};
    tile_outer<T>(memory.row(l, 0) + row, memory.row(in, 0) + col, d);
    const index_t to = f.layout.weight(l) + row * shape::side + col;
    DIFFAM_UNROLL_ON_DEVICE for (int r = 0; r < 4; ++r)
        DIFFAM_UNROLL_ON_DEVICE for (int c = 0; c < shape::width; ++c)
            sums.add(to + r * shape::side + c, d[r][c]);
  }

  /// Sums over the columns of thread t, for the pullback of the normalisation.
  template <class Gradient>
  DIFFAM_HOST_DEVICE void norm_sums(int t, const mlp_tile_memory<T>& memory, index_t l,
                                    const Gradient& d_n) const {
    const int row = t / shape::per_row;
    const T* n = memory.row(l, row);
    T all_d = 0, all_nd = 0;
    for (int j = t % shape::per_row; j < f.width(); j += shape::per_row) {
      const T d = d_n(row, j);
      all_d += d;
      all_nd += n[j] * d;
    }
    memory.sums[0][t] = all_d;
    memory.sums[1][t] = all_nd;
  }

  /// Backward through the normalisation and the ReLU of layer l: its slot becomes the gradient of the output
  /// of the linear map.
  template <class Block, class Gradient>
  DIFFAM_HOST_DEVICE void pull_norm(int t, const mlp_tile<T, Block>& tile, index_t l,
                                    const Gradient& d_n) const {
    const mlp_tile_memory<T>& memory = tile.memory();
    const int row = t / shape::per_row;
    const T count = static_cast<T>(f.width());
    const row_moments<T> m{T(0), memory.factor[l * shape::points + row]};  // n is stored, so the mean is not
                                                                           // used
    const row_pullback_means<T> means{tile.row_total(0, t) / count, tile.row_total(1, t) / count};
    const std::uint32_t passed = memory.passed[l * shape::threads + t];
    T* n = memory.row(l, row);
    DIFFAM_UNROLL_ON_DEVICE for (int s = 0; s < shape::columns; ++s) {
      const int j = t % shape::per_row + s * shape::per_row;
      const T d = layer_norm_pullback(m, means, n[j], d_n(row, j));
      n[j] = (passed >> s & 1u) != 0 ? d : T(0);
    }
  }

  static constexpr int bands = threads / shape::side;  // number of threads that share a column
  DIFFAM_HOST_DEVICE static T column_total(const mlp_tile_memory<T>& memory, int column) {
    T sum = memory.sums[2][column];
    DIFFAM_UNROLL_ON_DEVICE for (int b = 1; b < bands; ++b) sum += memory.sums[2][b * shape::side + column];
    return sum;
  }
};

/// Sums the rows of a matrix. A thread block sums 32 columns, and a thread every `bands`th row. The bands are
/// added in order.
template <class T>
struct row_sum_block {
  static constexpr int threads = 256, columns = 32, bands = threads / columns;
  view<const T> rows;
  view<T> total;  // the result

  index_t blocks() const { return (rows.cols + columns - 1) / columns; }
  index_t shared_bytes() const { return threads * static_cast<index_t>(sizeof(T)); }

  template <class Block>
  DIFFAM_HOST_DEVICE void operator()(const Block& block) const {
    T* sums = reinterpret_cast<T*>(block.memory());
    const index_t first = block.index() * columns;
    block.phase([&](int t) {
      const index_t j = first + t % columns;
      T sum = 0;
      if (j < rows.cols)
        for (index_t i = t / columns; i < rows.rows; i += bands) sum += rows(i, j);
      sums[t] = sum;
    });
    block.phase([&](int t) {
      if (t >= columns || first + t >= rows.cols) return;
      T sum = sums[t];
      for (int b = 1; b < bands; ++b) sum += sums[b * columns + t];
      total[first + t] = sum;
    });
  }
};

}  // namespace diffam::detail
