// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What the forward and the backward kernel of the renderer share where it runs by shards of points: how
// points are cut, and the memory behind. Points are taken in the order of their distances, a block of some at
// a time that fits in the first-level cache. That makes neighbours alike, of which both kernels live:
//   - the first layer of a block is that of a few nodes (mlp_nodes.hpp);
//   - a hidden unit that the ReLU holds back at one of the points it mostly holds back at all of them; such
//     units are left out of the sums over units and of the weights' gradients, which loses nothing: r = 0.
// With W' and b' the folded weights (mlp_folded.hpp), r the rectified units, m and v the mean and the inverse
// deviation of a point's r:
//     z_j = v (sum_k W'_jk r_k - m sum_k W'_jk) + b'_j
// A shard sums the parameters' gradients of its own points; the number of shards depends on the points' count
// alone and their sums are added in order, so the bits do not depend on who ran them.
#pragma once

#include <cstring>

#include "diffam/core/arena.hpp"
#include "diffam/core/view.hpp"
#include "diffam/exec/pair_sort.hpp"
#include "diffam/exec/policy.hpp"
#include "diffam/render/activation.hpp"
#include "diffam/render/layer_norm.hpp"
#include "diffam/render/mlp/folded.hpp"
#include "diffam/render/mlp/nodes.hpp"
#include "diffam/simd/product.hpp"

namespace diffam::detail {

inline constexpr index_t mlp_block = 48;   // points
inline constexpr index_t mlp_shards = 16;  // at most

constexpr index_t mlp_shard_count(index_t points) {
  const index_t blocks = exec::chunk_count(points, mlp_block);
  return blocks < mlp_shards ? blocks : mlp_shards;
}

/// Numbers of a shard alone. Rows of `side`; a matrix of nodes has mlp_nodes::most rows or columns.
template <class T>
struct mlp_scratch {
  T* distance;     // block
  T* polynomial;   // nodes x block: L_p(d_i)
  T* features;     // block x side: of the nodes or of the points
  T* hidden;       // block x side
  T* other;        // block x side
  T* slopes;       // side x nodes: d features / d distance
  T* sloped;       // side x nodes: d z / d distance
  T* pulled;       // block x nodes
  T* column_sums;  // (H + 1) x side: what is subtracted from each row of the weights' gradients

  static constexpr index_t most = mlp_nodes<T>::most;
  DIFFAM_HOST_DEVICE static constexpr index_t size(const mlp_layout<T>& s) {
    return mlp_block + 2 * most * mlp_block + 3 * mlp_block * s.side() + 2 * most * s.side() +
           (s.hidden_layers + 1) * s.side();
  }
  DIFFAM_HOST_DEVICE mlp_scratch(T* at, const mlp_layout<T>& s) {
    const auto take = [&at](index_t count) {
      T* const from = at;
      at += count;
      return from;
    };
    const index_t side = s.side();
    features = take(mlp_block * side);
    hidden = take(mlp_block * side);
    other = take(mlp_block * side);
    slopes = take(most * side);
    sloped = take(most * side);
    column_sums = take((s.hidden_layers + 1) * side);
    polynomial = take(most * mlp_block);
    pulled = take(most * mlp_block);
    distance = take(mlp_block);
  }
};

/// What forward and backward share, with memory behind it.
template <class T>
struct mlp_frame {
  mlp_folded_layout<T, index_t> layout;
  output_kind output = output_kind::identity;
  view<const T> frequencies;      // F x 1
  T bandwidth = 0;                // largest of them
  exec::pair_sort sort;           // of the points by distance
  view<T> folded;                 // parameters
  view<T> transposed;             // W' of the hidden layers, in x out
  view<T> row_sums;               // (H + 1) x side: of W'
  view<T> rectified;              // H N x side
  view<row_moments<T>> moments;   // H N x 1
  view<stored_index> units;       // H blocks x side: those that pass at some of the block's points
  view<stored_index> unit_count;  // H blocks x 1
  view<T> y;                      // N x 1, in order of distance
  view<T> scratch;                // shards x mlp_scratch
  view<T> partial;                // shards x folded size, to whole cache lines: the parameters' gradients
  view<T> total;                  // folded size: their sums

  template <class Exec>
  void plan(arena& a, index_t n) {
    const mlp_layout<T>& s = layout.flat;
    const index_t side = layout.side, shards = mlp_shard_count(n), hidden = s.hidden_layers;
    sort = exec::plan_sort<Exec>(a, n);
    folded = a.take<T>(layout.size());
    transposed = a.take<T>(hidden * side, side);
    row_sums = a.take<T>(hidden + 1, side);
    rectified = a.take<T>(hidden * n, side);
    moments = a.take<row_moments<T>>(hidden * n);
    y = a.take<T>(n);
    units = a.take<stored_index>(hidden * blocks(), side);
    unit_count = a.take<stored_index>(hidden * blocks());
    scratch = a.take<T>(shards, mlp_scratch<T>::size(s));
    partial = a.take<T>(shards, exec::chunk_count(layout.size(), lanes_in_line<T>) * lanes_in_line<T>);
    total = a.take<T>(layout.size());
  }

  DIFFAM_HOST_DEVICE index_t hidden_layers() const { return layout.flat.hidden_layers; }
  DIFFAM_HOST_DEVICE index_t points() const { return y.rows; }
  DIFFAM_HOST_DEVICE index_t shards() const { return partial.rows; }
  DIFFAM_HOST_DEVICE index_t blocks() const { return exec::chunk_count(points(), mlp_block); }
  DIFFAM_HOST_DEVICE index_t first_block(index_t shard) const { return shard * blocks() / shards(); }
  /// Points of a block, which start at `block * mlp_block`.
  DIFFAM_HOST_DEVICE index_t count_of(index_t block) const {
    const index_t left = points() - block * mlp_block;
    return left < mlp_block ? left : mlp_block;
  }
  /// Point i of the order.
  DIFFAM_HOST_DEVICE index_t point(index_t i) const { return sort.sorted_values[i]; }
  DIFFAM_HOST_DEVICE mlp_scratch<T> scratch_of(index_t shard) const {
    return {scratch.row(shard), layout.flat};
  }
  DIFFAM_HOST_DEVICE T* rectified_row(index_t l, index_t i) const { return rectified.row(l * points() + i); }
  DIFFAM_HOST_DEVICE const row_moments<T>& moments_of(index_t l, index_t i) const {
    return moments[l * points() + i];
  }
  DIFFAM_HOST_DEVICE listed_indices units_of(index_t l, index_t block) const {
    return {units.row(l * blocks() + block)};
  }
  DIFFAM_HOST_DEVICE stored_index& count_of_units(index_t l, index_t block) const {
    return unit_count[l * blocks() + block];
  }

  /// Distances of a block, the last one repeated to its end, and its nodes; none for less than three points
  /// a node, where they would not pay.
  DIFFAM_HOST_DEVICE mlp_nodes<T> nodes_of(index_t block, const view<const T>& x,
                                           const mlp_scratch<T>& to) const {
    const index_t first = block * mlp_block, count = count_of(block);
    T low = x(point(first), 0), high = low;
    for (index_t i = 0; i < mlp_block; ++i) {
      const T d = x(point(first + (i < count ? i : count - 1)), 0);
      low = d < low ? d : low;
      high = d > high ? d : high;
      to.distance[i] = d;
    }
    const mlp_nodes<T> nodes = mlp_nodes<T>::of(low, high, bandwidth, count / 3);
    if (nodes.count > 0)
      for (index_t i = 0; i < mlp_block; i += lanes_in_line<T>)
        nodes.template polynomials<lanes_in_line<T>>(to.distance + i, to.polynomial + i, mlp_block);
    return nodes;
  }

  /// Features at `count` distances, rows of `side`.
  DIFFAM_HOST_DEVICE void encode(index_t count, const T* distance, T* features) const {
    const index_t n = layout.flat.frequencies;
    for (index_t i = 0; i < count; ++i, features += layout.side)
      encode_row(n, distance[i], frequencies.data, features, features + n);
  }

 private:
  DIFFAM_HOST_DEVICE static void encode_row(index_t n, T d, const T* __restrict b, T* __restrict sine,
                                            T* __restrict cosine) {
    for (index_t j = 0; j < n; ++j) {
      const sine_cosine<T> s = fourier_value(b[j], d);
      sine[j] = s.sine;
      cosine[j] = s.cosine;
    }
  }
};

/// Keys whose order is that of the distances (as floats; what is no number, at the ends).
template <class T>
struct mlp_key_kernel {
  view<const T> x;  // N x C: column 0
  exec::pair_sort sort;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const float d = static_cast<float>(x(i, 0));
    std::uint32_t bits;
    std::memcpy(&bits, &d, sizeof bits);
    sort.keys[i] = bits >> 31 != 0 ? ~bits : bits | 0x80000000u;
    sort.values[i] = static_cast<stored_index>(i);
  }
};

/// Row (l, j) of the folded parameters, i = l side + j; the output's only row last.
template <class T>
struct mlp_fold_rows_kernel {
  mlp_frame<T> f;
  view<const T> flat;

  static index_t rows(const mlp_frame<T>& f) { return f.hidden_layers() * f.layout.side + 1; }
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const index_t side = f.layout.side, l = i / side, j = i % side;
    const mlp_folding<T, index_t> fold{f.layout, flat};
    T* row = f.folded.data + f.layout.weight(l) + j * side;
    T sum = 0;
    for (index_t k = 0; k < side; ++k) {
      row[k] = fold.weight(l, j, k);
      sum += row[k];
      if (l < f.hidden_layers()) f.transposed(l * side + k, j) = row[k];
    }
    f.row_sums(l, j) = sum;
    f.folded[f.layout.bias(l) + j] = fold.bias(l, j);
  }
};

/// Adds the shards' gradients of the folded parameters, in order.
template <class T>
struct mlp_gather_kernel {
  view<const T> partial;
  view<T> total;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    T sum = 0;
    for (index_t s = 0; s < partial.rows; ++s) sum += partial(s, i);
    total[i] = sum;
  }
};

/// Adds the gradients of what leads to unit j of layer l, i = l width + j, and of that unit's norm.
template <class T>
struct mlp_unfold_rows_kernel {
  mlp_unfolding<T, index_t> unfold;
  view<T> gradient;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const mlp_layout<T>& s = unfold.layout.flat;
    const index_t l = i / s.width, j = i % s.width;
    for (index_t k = 0; k < s.inputs(l); ++k)
      gradient[s.weight(l) + j * s.inputs(l) + k] += unfold.d_weight(l, j, k);
    gradient[s.bias(l) + j] += unfold.d_bias(l, j);
    if (l == s.hidden_layers) return;
    gradient[s.gain(l) + j] += unfold.d_gain(l, j);
    gradient[s.shift(l) + j] += unfold.d_shift(l, j);
  }
};

}  // namespace diffam::detail
