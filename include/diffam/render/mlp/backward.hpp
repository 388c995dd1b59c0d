// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The backward kernel of the renderer by shards; each index is a shard. As in mlp/shards.hpp, z_j = v (sum_k
// W'_jk r_k - m sum_k W'_jk) + b'_j. Let d_z be the gradient of z, and c = v d_z. Then, with sums over
// points,
//     d b'_j = sum d_z_j    d W'_jk = sum c_j r_k - sum c_j m
// Let e_k = sum_j W'_jk c_j, the gradient of the output of the normalisation times v. The gradient of r is,
// for r > 0 and with means over the units,
//     d_r_k = e_k - mean(e) - n_k mean(n e)          n = v (r - m)
#pragma once

#include "diffam/render/mlp/shards.hpp"

namespace diffam::detail {

/// Kernel of one shard of points: writes the gradients of the folded parameters to its row of `partial`, and
/// adds to d_x.
template <class T>
struct mlp_backward_kernel {
  mlp_shards<T> f;
  view<const T> x;    // N x C: column 0
  view<const T> d_y;  // N x 1
  view<T> d_x;        // N x C: adds to column 0; may be empty

  DIFFAM_HOST_DEVICE void operator()(index_t shard) const {
    const mlp_scratch<T> own = f.scratch_of(shard);
    T* sums = f.partial.row(shard);
    for (index_t i = 0; i < f.partial.cols; ++i) sums[i] = T(0);
    for (index_t i = 0; i < (f.hidden_layers() + 1) * f.layout.side; ++i) own.column_sums[i] = T(0);
    for (index_t block = f.first_block(shard); block < f.first_block(shard + 1); ++block)
      run_block(block, own, sums);
    finish(own, sums);
  }

 private:
  using row = lanes<T>;

  DIFFAM_HOST_DEVICE void run_block(index_t block, const mlp_scratch<T>& own, T* sums) const {
    const index_t side = f.layout.side, count = f.count_of(block), first = block * mlp_block;
    T* d = own.hidden;    // c of layer l
    T* next = own.other;  // e of layer l - 1, then its c
    pull_output(block, d, sums);
    for (index_t l = f.hidden_layers() - 1;; --l) {
      pull_norm(l, block, d, own, sums);
      if (l == 0) break;
      const listed_indices units = f.units_of(l, block);
      const index_t active = f.count_of_units(l, block);
      T* d_weight = sums + f.layout.weight(l);
      product<>(
          product_factors<T, listed_indices>{d, 1, side, f.rectified_row(l - 1, first), side, count, units},
          product_target<T>{d_weight, side, d_weight, side}, active, side);
      product<>(
          product_factors<T, every_index, listed_indices>{
              d, side, 1, f.folded.data + f.layout.weight(l), side, active, {}, units},
          product_target<T>{nullptr, 0, next, side}, count, side);
      T* swapped = d;
      d = next;
      next = swapped;
    }
    pull_first_layer(block, d, next, own, sums);
  }

  /// Backward through the output layer: writes e of the last hidden layer.
  DIFFAM_HOST_DEVICE void pull_output(index_t block, T* e, T* sums) const {
    const index_t l = f.hidden_layers(), side = f.layout.side;
    const T* weight = f.folded.data + f.layout.weight(l);
    T* d_weight = sums + f.layout.weight(l);
    T& d_bias = sums[f.layout.bias(l)];
    const index_t first = block * mlp_block, count = f.count_of(block);
    for (index_t i = 0; i < count; ++i) {
      const row_moments<T>& m = f.moments_of(l - 1, first + i);
      const T d_z = output_pullback(f.output, f.y[first + i], d_y[f.point(first + i)]);
      const T c = d_z * m.inverse_deviation;
      const T* r = f.rectified_row(l - 1, first + i);
      for (index_t j = 0; j < side; j += row::count) {
        row sum = row::load(d_weight + j);
        sum.add_product(c, row::load(r + j) - row(m.mean));
        sum.store(d_weight + j);
        (row(c) * row::load(weight + j)).store(e + i * side + j);
      }
      d_bias += d_z;
    }
  }

  /// Backward through the normalisation and the ReLU of layer l: e becomes c, or for layer 0 the gradient of
  /// z.
  DIFFAM_HOST_DEVICE void pull_norm(index_t l, index_t block, T* e, const mlp_scratch<T>& own,
                                    T* sums) const {
    const index_t side = f.layout.side, first = block * mlp_block, count = f.count_of(block);
    const T share = T(1) / static_cast<T>(f.layout.flat.width);
    T* d_bias = sums + f.layout.bias(l);
    for (index_t i = 0; i < count; ++i, e += side) {
      const row_moments<T>& m = f.moments_of(l, first + i);
      const T* r = f.rectified_row(l, first + i);
      row sum(0), products(0);
      for (index_t j = 0; j < side; j += row::count) {
        const row here = row::load(e + j);
        sum += here;
        products.add_product(row::load(r + j) - row(m.mean), here);
      }
      const row_pullback_means<T> means{sum.sum() * share, m.inverse_deviation * products.sum() * share};
      for (index_t j = 0; j < side; j += row::count) {
        const row passed = row::load(r + j);
        const row d_r =
            layer_norm_pullback(row_moments<T>{m.mean, T(1)}, means, normalise(m, passed), row::load(e + j));
        const row d_z = relu_pullback(passed, d_r);
        (row::load(d_bias + j) + d_z).store(d_bias + j);
        d_z.store(e + j);
      }
      if (l > 0) scale(f.moments_of(l - 1, first + i), e, own.column_sums + l * side);
    }
  }

  /// Turns the gradient of z of one point into c, and adds c m to `column_sums`. `below` are the moments of
  /// the inputs of the point.
  DIFFAM_HOST_DEVICE void scale(const row_moments<T>& below, T* d_z, T* column_sums) const {
    for (index_t j = 0; j < f.layout.side; j += row::count) {
      const row c = row(below.inverse_deviation) * row::load(d_z + j);
      c.store(d_z + j);
      row column = row::load(column_sums + j);
      column.add_product(below.mean, c);
      column.store(column_sums + j);
    }
  }

  /// Backward through the first layer and the features. `spare` is scratch of the size of a block of rows.
  DIFFAM_HOST_DEVICE void pull_first_layer(index_t block, const T* d_z, T* spare, const mlp_scratch<T>& own,
                                           T* sums) const {
    const index_t count = f.count_of(block), side = f.layout.side, inputs = f.layout.flat.inputs(0);
    const listed_indices units = f.units_of(0, block);
    const index_t active = f.count_of_units(0, block);
    T* d_weight = sums;
    const mlp_nodes<T> nodes = f.nodes_of(block, x, own);
    const T* d_nodes = d_z;
    const index_t rows = nodes.count > 0 ? nodes.count : count;
    if (nodes.count > 0) {
      product<>(product_factors<T>{own.polynomial, mlp_block, 1, d_z, side, count},
                product_target<T>{nullptr, 0, spare, side}, nodes.count, side);
      d_nodes = spare;
    }
    f.encode(rows, nodes.count > 0 ? nodes.at : own.distance, own.features);
    product<>(product_factors<T, listed_indices>{d_nodes, 1, side, own.features, side, rows, units},
              product_target<T>{d_weight, side, d_weight, side}, active, inputs);
    if (d_x.empty()) return;
    if (nodes.count > 0)
      pull_nodes(block, nodes.count, d_z, own);
    else
      pull_points(block, d_z, spare, own);
  }

  /// Adds dL/dd of points that have their own features, in `own.features`.
  DIFFAM_HOST_DEVICE void pull_points(index_t block, const T* d_z, T* d_features,
                                      const mlp_scratch<T>& own) const {
    const index_t count = f.count_of(block), side = f.layout.side, n = f.layout.flat.frequencies;
    product<>(
        product_factors<T, every_index, listed_indices>{
            d_z, side, 1, f.folded.data, side, f.count_of_units(0, block), {}, f.units_of(0, block)},
        product_target<T>{nullptr, 0, d_features, side}, count, side);
    for (index_t i = 0; i < count; ++i) {
      const T *phi = own.features + i * side, *d_phi = d_features + i * side;
      T sum = 0;
      for (index_t j = 0; j < n; ++j) sum += pull_feature(j, {phi[j], phi[n + j]}, {d_phi[j], d_phi[n + j]});
      d_x(f.point(block * mlp_block + i), 0) += sum;
    }
  }

  /// Adds dL/dd = sum_p L_p(d) sum_j d_z_j dz_j/dd(node_p). The features of the nodes are in `own.features`.
  DIFFAM_HOST_DEVICE void pull_nodes(index_t block, int nodes, const T* d_z,
                                     const mlp_scratch<T>& own) const {
    const index_t count = f.count_of(block), side = f.layout.side, n = f.layout.flat.frequencies;
    constexpr index_t most = mlp_nodes<T>::most;
    const index_t columns = nodes <= most / 2 ? most / 2 : most;
    const listed_indices units = f.units_of(0, block);
    const index_t active = f.count_of_units(0, block);
    for (index_t j = 0; j < n; ++j)
      for (index_t p = 0; p < columns; ++p) {
        const T* phi = own.features + p * side;
        const sine_cosine<T> at = p < nodes ? sine_cosine<T>{phi[j], phi[n + j]} : sine_cosine<T>{T(0), T(0)};
        own.slopes[j * most + p] = pull_feature(j, at, {T(1), T(0)});
        own.slopes[(n + j) * most + p] = pull_feature(j, at, {T(0), T(1)});
      }
    product<>(product_factors<T, listed_indices>{f.folded.data, side, 1, own.slopes, most, 2 * n, units},
              product_target<T>{nullptr, 0, own.sloped, most}, active, columns);
    product<>(
        product_factors<T, every_index, listed_indices>{d_z, side, 1, own.sloped, most, active, {}, units},
        product_target<T>{nullptr, 0, own.pulled, most}, count, columns);
    for (index_t i = 0; i < count; ++i) {
      T sum = 0;
      for (int p = 0; p < nodes; ++p) sum += own.polynomial[p * mlp_block + i] * own.pulled[i * most + p];
      d_x(f.point(block * mlp_block + i), 0) += sum;
    }
  }

  DIFFAM_HOST_DEVICE T pull_feature(index_t j, const sine_cosine<T>& phi, const sine_cosine<T>& d_phi) const {
    return fourier_pullback(f.frequencies[j], phi, d_phi);
  }

  /// Subtracts the sums c m from the rows of the gradients of the weights.
  DIFFAM_HOST_DEVICE void finish(const mlp_scratch<T>& own, T* sums) const {
    const index_t side = f.layout.side;
    for (index_t l = 1; l < f.hidden_layers(); ++l)
      for (index_t j = 0; j < f.layout.flat.width; ++j) {
        T* to = sums + f.layout.weight(l) + j * side;
        const row less(own.column_sums[l * side + j]);
        for (index_t k = 0; k < side; k += row::count) (row::load(to + k) - less).store(to + k);
      }
  }
};

}  // namespace diffam::detail
