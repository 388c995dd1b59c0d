// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What the forward and the backward kernel of the renderer share: how points are cut into shards and blocks,
// and the memory behind. The number of shards depends on the points' count alone; a shard runs in blocks that
// fit in the first-level cache, and sums the parameters' gradients of its own points. Shards' sums are added
// in order, so the bits do not depend on who ran them.
#pragma once

#include "diffam/core/product.hpp"
#include "diffam/core/view.hpp"
#include "diffam/render/activation.hpp"
#include "diffam/render/layer_norm.hpp"
#include "diffam/render/mlp_layout.hpp"

namespace diffam::detail {

inline constexpr index_t mlp_block = 48;   // points
inline constexpr index_t mlp_shards = 16;  // at most

constexpr index_t mlp_blocks(index_t points) {
  return (points + mlp_block - 1) / mlp_block;
}
constexpr index_t mlp_shard_count(index_t points) {
  const index_t blocks = mlp_blocks(points);
  return blocks < mlp_shards ? blocks : mlp_shards;
}

/// What forward and backward share, with memory behind it.
template <class T>
struct mlp_frame {
  mlp_layout<T> layout;
  output_kind output;
  view<const T> frequencies;     // F x 1
  view<T> packed;                // parameters, padded
  view<T> transposed;            // the same, hidden weights in x out
  view<T> features;              // N x padded 2F
  view<T> rectified;             // H N x padded width: after the ReLU, before the norm
  view<row_moments<T>> moments;  // H N x 1
  view<T> y;                     // N x 1
  view<T> scratch;               // 3 matrices of block x stride, for each shard
  view<T> partial;               // shards x packed size: the parameters' gradients

  DIFFAM_HOST_DEVICE index_t points() const { return y.rows; }
  DIFFAM_HOST_DEVICE index_t shards() const { return partial.rows; }
  DIFFAM_HOST_DEVICE index_t first_point(index_t shard) const {
    const index_t blocks = (points() + mlp_block - 1) / mlp_block;
    const index_t point = shard * blocks / shards() * mlp_block;
    return point < points() ? point : points();
  }
  DIFFAM_HOST_DEVICE T* scratch_of(index_t shard, index_t k) const {
    return scratch.data + (3 * shard + k) * mlp_block * layout.stride();
  }
  DIFFAM_HOST_DEVICE T* rectified_row(index_t l, index_t p) const { return rectified.row(l * points() + p); }

  /// Output of hidden layer l for `count` points from p: h = gain n + shift.
  DIFFAM_HOST_DEVICE void hidden_rows(index_t l, index_t p, index_t count, T* h) const {
    using row = lanes<T>;
    const index_t w = layout.padded_width();
    const T* gain = packed.data + layout.packed_gain(l);
    const T* shift = packed.data + layout.packed_shift(l);
    for (index_t i = 0; i < count; ++i) {
      const row_moments<T> m = moments[l * points() + p + i];
      const T* x = rectified_row(l, p + i);
      for (index_t j = 0; j < w; j += row::count)
        (row::load(gain + j) * normalise(m, row::load(x + j)) + row::load(shift + j)).store(h + i * w + j);
    }
  }
};

/// Parameters, flat -> the two packed copies.
template <class T>
struct mlp_pack_kernel {
  view<const T> flat;
  view<const stored_index> place, transposed_place;
  view<T> packed, transposed;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    packed[place[i]] = flat[i];
    transposed[transposed_place[i]] = flat[i];
  }
};

}  // namespace diffam::detail
