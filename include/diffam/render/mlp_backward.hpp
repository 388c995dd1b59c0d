// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The renderer's backward kernel, a shard an index, and the sum over shards.
#pragma once

#include "diffam/render/fourier.hpp"
#include "diffam/render/mlp_frame.hpp"

namespace diffam::detail {

template <class T>
struct mlp_backward_kernel {
  mlp_frame<T> f;
  view<const T> d_y;  // N x 1
  view<T> d_x;        // N x C: adds to column 0; may be empty

  DIFFAM_HOST_DEVICE void operator()(index_t shard) const {
    T* sums = f.partial.row(shard);
    for (index_t i = 0; i < f.partial.cols; ++i) sums[i] = T(0);
    const index_t end = f.first_point(shard + 1);
    for (index_t p = f.first_point(shard); p < end; p += mlp_block)
      run_block(shard, p, end - p < mlp_block ? end - p : mlp_block, sums);
  }

 private:
  DIFFAM_HOST_DEVICE void run_block(index_t shard, index_t p, index_t count, T* sums) const {
    const mlp_layout<T>& s = f.layout;
    const index_t w = s.padded_width();
    T* d = f.scratch_of(shard, 0);     // gradient of the current layer's output, then of its input
    T* next = f.scratch_of(shard, 1);  // the other one
    T* hidden = f.scratch_of(shard, 2);
    f.hidden_rows(s.hidden_layers - 1, p, count, hidden);
    pull_output(p, count, hidden, d, sums);
    for (index_t l = s.hidden_layers - 1; l >= 0; --l) {
      pull_norm(l, p, count, d, sums);
      if (l > 0) f.hidden_rows(l - 1, p, count, hidden);
      const index_t in_cols = s.padded_inputs(l);
      const T* in = l == 0 ? f.features.row(p) : hidden;
      T* d_weight = sums + s.packed_weight(l);
      product<>(product_factors<T>{d, 1, w, in, in_cols, count},
                product_target<T>{d_weight, in_cols, d_weight, in_cols}, s.width, in_cols);
      if (l == 0 && d_x.empty()) return;
      product<>(product_factors<T>{d, w, 1, f.packed.data + s.packed_weight(l), in_cols, s.width},
                product_target<T>{nullptr, 0, next, in_cols}, count, in_cols);
      T* swapped = d;
      d = next;
      next = swapped;
    }
    for (index_t i = 0; i < count; ++i) d_x(p + i, 0) += pull_features(p + i, d + i * f.features.cols);
  }

  /// Through the output layer: d becomes the gradient of the last hidden layer's output.
  DIFFAM_HOST_DEVICE void pull_output(index_t p, index_t count, const T* hidden, T* d, T* sums) const {
    using row = lanes<T>;
    const mlp_layout<T>& s = f.layout;
    const index_t w = s.padded_width();
    const T* weight = f.packed.data + s.packed_weight(s.hidden_layers);
    T* d_weight = sums + s.packed_weight(s.hidden_layers);
    T d_bias = sums[s.packed_bias(s.hidden_layers)];
    for (index_t i = 0; i < count; ++i) {
      const T d_z = output_pullback(f.output, f.y[p + i], d_y[p + i]);
      for (index_t j = 0; j < w; j += row::count) {
        row sum = row::load(d_weight + j);
        sum.add_product(d_z, row::load(hidden + i * w + j));
        sum.store(d_weight + j);
        (row(d_z) * row::load(weight + j)).store(d + i * w + j);
      }
      d_bias += d_z;
    }
    sums[s.packed_bias(s.hidden_layers)] = d_bias;
  }

  /// Through the norm and the ReLU of layer l: d becomes the gradient of the linear map's output.
  DIFFAM_HOST_DEVICE void pull_norm(index_t l, index_t p, index_t count, T* d, T* sums) const {
    using row = lanes<T>;
    const mlp_layout<T>& s = f.layout;
    const index_t w = s.padded_width();
    const T* gain = f.packed.data + s.packed_gain(l);
    T* d_bias = sums + s.packed_bias(l);
    T* d_gain = sums + s.packed_gain(l);
    T* d_shift = sums + s.packed_shift(l);
    for (index_t i = 0; i < count; ++i) {
      const row_moments<T> m = f.moments[l * f.points() + p + i];
      const T* r = f.rectified_row(l, p + i);
      T* d_row = d + i * w;
      const row_pull<T> pull = pull_of_row(m, r, gain, d_row, s.width);
      for (index_t j = 0; j < w; j += row::count) {
        const row x = row::load(r + j), d_h = row::load(d_row + j), normal = normalise(m, x);
        const row d_r = layer_norm_pullback(m, pull, normal, row::load(gain + j) * d_h);
        const row d_z = relu_pullback(x, d_r);
        (row::load(d_gain + j) + normal * d_h).store(d_gain + j);
        (row::load(d_shift + j) + d_h).store(d_shift + j);
        (row::load(d_bias + j) + d_z).store(d_bias + j);
        d_z.store(d_row + j);
      }
    }
  }

  /// Through the features: dL/dd of one point. sum_j 2 pi B_j (cos_j d_sin_j - sin_j d_cos_j).
  DIFFAM_HOST_DEVICE T pull_features(index_t p, const T* d_features) const {
    const index_t n = f.layout.frequencies;
    const T* phi = f.features.row(p);
    const T* b = f.frequencies.data;
    const auto term = [&](index_t j) {
      return fourier_pullback(b[j], sine_cosine<T>{phi[j], phi[n + j]},
                              sine_cosine<T>{d_features[j], d_features[n + j]});
    };
    T sum[8] = {};  // independent chains
    index_t j = 0;
    for (; j + 8 <= n; j += 8)
      for (index_t k = 0; k < 8; ++k) sum[k] += term(j + k);
    for (; j < n; ++j) sum[0] += term(j);
    return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
  }
};

/// Adds a parameter's gradients of all shards, in order.
template <class T>
struct mlp_gather_kernel {
  view<const T> partial;
  view<const stored_index> place;
  view<T> gradient;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    T sum = 0;
    for (index_t s = 0; s < partial.rows; ++s) sum += partial(s, place[i]);
    gradient[i] += sum;
  }
};

}  // namespace diffam::detail
