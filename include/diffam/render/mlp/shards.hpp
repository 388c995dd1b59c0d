// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The memory that the forward and the backward kernel of the renderer share if it runs by shards of points,
// and the division of the points. Points are sorted by distance, and are processed in blocks that fit into
// the first-level cache. Therefore the points of a block have similar distances. Both kernels use this in two
// ways:
// - The first layer of a block is computed at a few nodes (mlp/nodes.hpp).
// - A hidden unit that is inactive (r = 0 after the ReLU) at one point is mostly inactive at all points of
//   the block. Such units are left out of the sums over units and of the gradients of the weights. This is
//   exact.
//
// Let W' and b' be the folded weights (mlp/folded.hpp), r the units after the ReLU, and m and v the mean and
// the inverse deviation of the r of a point:
//     z_j = v (sum_k W'_jk r_k - m sum_k W'_jk) + b'_j
//
// A shard sums the gradients of the parameters over its own points. The number of shards depends only on the
// number of points, and their sums are added in order. Therefore the bits do not depend on the number of
// threads.
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

inline constexpr index_t mlp_block = 48;        // number of points of a block
inline constexpr index_t mlp_most_shards = 16;  // greatest number of shards

constexpr index_t mlp_shard_count(index_t points) {
  const index_t blocks = exec::chunk_count(points, mlp_block);
  return blocks < mlp_most_shards ? blocks : mlp_most_shards;
}

/// Scratch of one shard. Rows have `side` elements. Matrices of nodes have mlp_nodes::most rows or columns.
template <class T>
struct mlp_scratch {
  T* distance;     // one for each point of the block
  T* polynomial;   // nodes x block: the Lagrange polynomials L_p(d_i)
  T* features;     // block x side: features of the nodes or of the points
  T* hidden;       // block x side
  T* other;        // block x side
  T* slopes;       // side x nodes: d features / d distance
  T* sloped;       // side x nodes: d z / d distance
  T* pulled;       // block x nodes
  T* column_sums;  // (H + 1) x side: sums of c m, subtracted from each row of the gradients of the weights

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

/// The values that forward and backward share, with their memory.
template <class T>
struct mlp_shards {
  mlp_folded_layout<T, index_t> layout;
  output_kind output = output_kind::identity;
  view<const T> frequencies;      // F x 1
  T bandwidth = 0;                // the greatest frequency
  exec::pair_sort sort;           // sorts the points by distance
  view<T> folded;                 // folded parameters
  view<T> transposed;             // W' of the hidden layers, transposed: in x out
  view<T> row_sums;               // (H + 1) x side: row sums of W'
  view<T> rectified;              // H N x side: r
  view<row_moments<T>> moments;   // H N x 1
  view<stored_index> units;       // H blocks x side: units that are active at some point of the block
  view<stored_index> unit_count;  // H blocks x 1
  view<T> y;                      // N x 1, sorted by distance
  view<T> scratch;                // shards x mlp_scratch
  view<T> partial;                // shards x folded size, padded to whole cache lines: gradients of the
                                  // folded parameters
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
  /// Number of points of a block. The block starts at point `block * mlp_block`.
  DIFFAM_HOST_DEVICE index_t count_of(index_t block) const {
    const index_t left = points() - block * mlp_block;
    return left < mlp_block ? left : mlp_block;
  }
  /// The index of the point at place i of the order.
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

  /// Writes the distances of a block (the last one repeated to the end) and returns its nodes. There are no
  /// nodes if there would be less than three points for each node, because then they save no time.
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

  /// Writes the features at `count` distances, in rows of `side` elements.
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

/// Writes sort keys with the order of the distances (as floats; NaN sorts to the ends).
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

/// Writes row (l, j) of the folded parameters, i = l side + j. The only row of the output layer comes last.
template <class T>
struct mlp_fold_rows_kernel {
  mlp_shards<T> f;
  view<const T> flat;

  static index_t rows(const mlp_shards<T>& f) { return f.hidden_layers() * f.layout.side + 1; }
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

/// Sums the gradients of the folded parameters over the shards, in order.
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

/// Adds the gradients of the weights and the bias of unit j of layer l, i = l width + j, and of its gain and
/// shift.
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
