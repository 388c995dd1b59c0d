// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The forward kernel of the renderer by tiles; each thread block processes one tile.
#pragma once

#include "diffam/render/mlp/tile.hpp"

namespace diffam::detail {

/// Kernel of a thread block: writes y of the points of one tile.
template <class T>
struct mlp_tile_forward {
  using shape = mlp_tile_shape<T>;
  static constexpr int threads = shape::threads;
  mlp_tiles<T> f;
  view<const T> x;  // N x C: column 0
  view<T> y;        // N x 1

  index_t shared_bytes() const { return mlp_tile_memory<T>::bytes(0); }

  template <class Block>
  DIFFAM_HOST_DEVICE void operator()(const Block& block) const {
    const mlp_tile<T, Block> tile(f, block, 0);
    const mlp_tile_memory<T>& memory = tile.memory();
    const index_t first = block.index() * shape::points, layers = f.hidden_layers();
    block.phase([&](int t) {
      tile.encode(t, x, first);
      tile.stage(t, 0);
    });
    for (index_t l = 0; l < layers; ++l) tile.template hidden_layer<false>(l, (l + 1) % 2, l % 2);
    block.phase([&](int t) {
      const T* n = memory.row((layers - 1) % 2, t / shape::per_row);
      T sum = 0;
      for (int j = t % shape::per_row; j < shape::side; j += shape::per_row) sum += memory.bias[j] * n[j];
      memory.sums[0][t] = sum;
    });
    block.phase([&](int t) {
      const index_t p = first + t / shape::per_row;
      if (t % shape::per_row != 0 || p >= x.rows) return;
      const T value = output_value(f.output, tile.row_total(0, t) + f.folded[f.layout.bias(layers)]);
      f.y[p] = value;
      y[p] = value;
    });
  }
};

}  // namespace diffam::detail
