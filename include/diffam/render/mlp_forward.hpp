// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The renderer's forward kernel, a shard an index.
#pragma once

#include "diffam/render/fourier.hpp"
#include "diffam/render/mlp_frame.hpp"

namespace diffam::detail {

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
    using row = lanes<T>;
    const mlp_layout<T>& s = f.layout;
    const index_t w = s.padded_width();
    for (index_t i = p; i < p + count; ++i) encode(x(i, 0), f.features.row(i));
    for (index_t l = 0; l < s.hidden_layers; ++l) {
      product<>(product_factors<T>{l == 0 ? f.features.row(p) : hidden, l == 0 ? f.features.cols : w, 1,
                                   f.transposed.data + s.packed_weight(l), w, s.inputs(l)},
                product_target<T>{f.packed.data + s.packed_bias(l), 0, f.rectified_row(l, p), w}, count, w);
      for (index_t i = p; i < p + count; ++i) {
        T* z = f.rectified_row(l, i);
        for (index_t j = 0; j < w; j += row::count) relu_value(row::load(z + j)).store(z + j);
        f.moments[l * f.points() + i] = moments_of_row(z, s.width);
      }
      f.hidden_rows(l, p, count, hidden);
    }
    const T* weight = f.packed.data + s.packed_weight(s.hidden_layers);
    const T bias = f.packed[s.packed_bias(s.hidden_layers)];
    for (index_t i = 0; i < count; ++i) {
      const T value = output_value(f.output, row_dot(weight, hidden + i * w, w) + bias);
      f.y[p + i] = value;
      y[p + i] = value;
    }
  }

  /// Rows of whole cache lines, zeros at their ends.
  DIFFAM_HOST_DEVICE static T row_dot(const T* a, const T* b, index_t n) {
    using row = lanes<T>;
    row sum(0);
    for (index_t j = 0; j < n; j += row::count) sum.add_product(row::load(a + j), row::load(b + j));
    return sum.sum();
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

}  // namespace diffam::detail
