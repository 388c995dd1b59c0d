// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The renderer's kernels. Points are cut into a number of shards that depends on their count alone; a shard
// runs in blocks that fit in the first-level cache, and sums the parameters' gradients of its own points.
// Shards' sums are added in order, so the bits do not depend on who ran them.
#pragma once

#include "diffam/core/view.hpp"
#include "diffam/render/activation.hpp"
#include "diffam/render/fourier.hpp"
#include "diffam/render/layer_norm.hpp"
#include "diffam/render/mlp_layout.hpp"
#include "diffam/render/product.hpp"

namespace diffam::detail {

inline constexpr index_t mlp_block = 48;   // points
inline constexpr index_t mlp_shards = 32;  // at most

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

  DIFFAM_HOST_DEVICE static void hidden_row(index_t n, const row_moments<T>& moments, const T* __restrict x,
                                            const T* __restrict gain, const T* __restrict shift,
                                            T* __restrict h) {
    const row_moments<T> m = moments;
    for (index_t j = 0; j < n; ++j) h[j] = gain[j] * normalise(m, x[j]) + shift[j];
  }

  /// Output of hidden layer l for `count` points from p: h = gain n + shift.
  DIFFAM_HOST_DEVICE void hidden_rows(index_t l, index_t p, index_t count, T* h) const {
    const index_t w = layout.padded_width();
    const T* gain = packed.data + layout.packed_gain(l);
    const T* shift = packed.data + layout.packed_shift(l);
    for (index_t i = 0; i < count; ++i)
      hidden_row(w, moments[l * points() + p + i], rectified_row(l, p + i), gain, shift, h + i * w);
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

template <class T>
struct mlp_forward_kernel {
  mlp_frame<T> f;
  view<const T> x;  // N x C: column 0
  view<T> y;        // N x 1

  DIFFAM_HOST_DEVICE void operator()(index_t shard) const {
    const index_t end = f.first_point(shard + 1);
    for (index_t p = f.first_point(shard); p < end; p += mlp_block)
      run_block(p, end - p < mlp_block ? end - p : mlp_block, f.scratch_of(shard, 0));
  }

 private:
  DIFFAM_HOST_DEVICE void run_block(index_t p, index_t count, T* hidden) const {
    const mlp_layout<T>& s = f.layout;
    const index_t w = s.padded_width();
    for (index_t i = p; i < p + count; ++i) encode(x(i, 0), f.features.row(i));
    for (index_t l = 0; l < s.hidden_layers; ++l) {
      const strided<const T> in{l == 0 ? f.features.row(p) : hidden, l == 0 ? f.features.cols : w, 1};
      const strided<const T> weight{f.transposed.data + s.packed_weight(l), w, 1};
      const strided<const T> bias{f.packed.data + s.packed_bias(l), 0, 1};
      product(count, w, s.inputs(l), in, weight, bias, strided<T>{f.rectified_row(l, p), w, 1});
      for (index_t i = p; i < p + count; ++i) {
        T* z = f.rectified_row(l, i);
        for (index_t j = 0; j < w; ++j) z[j] = relu_value(z[j]);
        f.moments[l * f.points() + i] = moments_of_row(z, s.width);
      }
      f.hidden_rows(l, p, count, hidden);
    }
    const T* weight = f.packed.data + s.packed_weight(s.hidden_layers);
    const T bias = f.packed[s.packed_bias(s.hidden_layers)];
    for (index_t i = 0; i < count; ++i) {
      const T value = output_value(f.output, row_dot(weight, hidden + i * w, s.width) + bias);
      f.y[p + i] = value;
      y[p + i] = value;
    }
  }

  DIFFAM_HOST_DEVICE void encode(T d, T* to) const {
    const index_t n = f.layout.frequencies;
    encode_row(n, d, f.frequencies.data, to, to + n);
    for (index_t j = 2 * n; j < f.features.cols; ++j) to[j] = T(0);
  }

  DIFFAM_HOST_DEVICE static void encode_row(index_t n, T d, const T* __restrict b, T* __restrict sine,
                                            T* __restrict cosine) {
    for (index_t j = 0; j < n; ++j) {
      const sine_cosine<T> s = fourier_value(b[j], d);
      sine[j] = s.sine;
      cosine[j] = s.cosine;
    }
  }
};

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
      const strided<const T> in{l == 0 ? f.features.row(p) : hidden, in_cols, 1};
      const strided<T> d_weight{sums + s.packed_weight(l), in_cols, 1};
      const strided<const T> d_weight_before{d_weight.data, in_cols, 1};
      product(s.width, in_cols, count, strided<const T>{d, 1, w}, in, d_weight_before, d_weight);
      if (l == 0 && d_x.empty()) return;
      const strided<const T> weight{f.packed.data + s.packed_weight(l), in_cols, 1};
      product(count, in_cols, s.width, strided<const T>{d, w, 1}, weight, strided<const T>{nullptr, 0, 1},
              strided<T>{next, in_cols, 1});
      T* swapped = d;
      d = next;
      next = swapped;
    }
    for (index_t i = 0; i < count; ++i) d_x(p + i, 0) += pull_features(p + i, d + i * f.features.cols);
  }

  /// Through the output layer: d becomes the gradient of the last hidden layer's output.
  DIFFAM_HOST_DEVICE void pull_output(index_t p, index_t count, const T* hidden, T* d, T* sums) const {
    const mlp_layout<T>& s = f.layout;
    const index_t w = s.padded_width();
    const T* weight = f.packed.data + s.packed_weight(s.hidden_layers);
    T* d_weight = sums + s.packed_weight(s.hidden_layers);
    T d_bias = sums[s.packed_bias(s.hidden_layers)];
    for (index_t i = 0; i < count; ++i) {
      const T d_z = output_pullback(f.output, f.y[p + i], d_y[p + i]);
      pull_output_row(w, d_z, hidden + i * w, weight, d + i * w, d_weight);
      d_bias += d_z;
    }
    sums[s.packed_bias(s.hidden_layers)] = d_bias;
  }

  DIFFAM_HOST_DEVICE static void pull_output_row(index_t n, T d_z, const T* __restrict h,
                                                 const T* __restrict weight, T* __restrict d_h,
                                                 T* __restrict d_weight) {
    for (index_t j = 0; j < n; ++j) {
      d_weight[j] += d_z * h[j];
      d_h[j] = d_z * weight[j];
    }
  }

  /// Through the norm and the ReLU of layer l: d becomes the gradient of the linear map's output.
  DIFFAM_HOST_DEVICE void pull_norm(index_t l, index_t p, index_t count, T* d, T* sums) const {
    const mlp_layout<T>& s = f.layout;
    const index_t w = s.padded_width();
    const T* gain = f.packed.data + s.packed_gain(l);
    T* d_bias = sums + s.packed_bias(l);
    T* d_gain = sums + s.packed_gain(l);
    T* d_shift = sums + s.packed_shift(l);
    for (index_t i = 0; i < count; ++i) {
      const row_moments<T> m = f.moments[l * f.points() + p + i];
      const T* r = f.rectified_row(l, p + i);
      T* row = d + i * w;
      const row_pull<T> pull = pull_of_row(m, r, gain, row, s.width);
      pull_norm_row(w, m, pull, r, gain, row, d_gain, d_shift, d_bias);
    }
  }

  DIFFAM_HOST_DEVICE static void pull_norm_row(index_t n, const row_moments<T>& moments,
                                               const row_pull<T>& means, const T* __restrict r,
                                               const T* __restrict gain, T* __restrict d,
                                               T* __restrict d_gain, T* __restrict d_shift,
                                               T* __restrict d_bias) {
    const row_moments<T> m = moments;
    const row_pull<T> pull = means;
    for (index_t j = 0; j < n; ++j) {
      const T normal = normalise(m, r[j]), d_h = d[j];
      d_gain[j] += normal * d_h;
      d_shift[j] += d_h;
      d[j] = layer_norm_pullback(m, pull, normal, gain[j] * d_h);
    }
    for (index_t j = 0; j < n; ++j) {  // apart: a compiler would make the choice a branch around the above
      const T d_r = d[j];
      d[j] = relu_pullback(r[j], d_r);
    }
    for (index_t j = 0; j < n; ++j) d_bias[j] += d[j];
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
