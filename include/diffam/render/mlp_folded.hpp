// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The renderer with each norm's gain and shift folded into the layer behind it, for kernels that take tiles
// of points: between two layers then stand plain normalised numbers n, and the weights' gradients follow from
// those of the folded ones, once for all points. With W, b the weights behind a norm of gain g and shift s:
//
//     W (g n + s) + b = W' n + b'        W'_jk = W_jk g_k            b'_j = b_j + sum_k W_jk s_k
//     dW_jk = g_k dW'_jk + s_k db'_j     dg_k = sum_j W_jk dW'_jk    ds_k = sum_j W_jk db'_j    db_j = db'_j
//
// Every layer's matrix is filled up with zeros to 64 x 64, which is what a tile works with.
#pragma once

#include "diffam/core/view.hpp"
#include "diffam/exec/block.hpp"
#include "diffam/render/mlp_layout.hpp"

namespace diffam::detail {

/// Where W' and b' of a layer lie: [side x side] and [side]; of the output, layer H, [side] and one number.
template <class T>
struct mlp_folded_layout {
  static constexpr index_t side = 64;
  mlp_layout<T> flat;

  bool fits() const { return 2 * flat.frequencies <= side && flat.width <= side; }
  DIFFAM_HOST_DEVICE constexpr index_t rows(index_t l) const { return l < flat.hidden_layers ? side : 1; }
  DIFFAM_HOST_DEVICE constexpr index_t weight(index_t l) const { return l * side * (side + 1); }
  DIFFAM_HOST_DEVICE constexpr index_t bias(index_t l) const { return weight(l) + rows(l) * side; }
  DIFFAM_HOST_DEVICE constexpr index_t size() const { return bias(flat.hidden_layers) + 1; }
};

/// Element i of the folded parameters, written.
template <class T>
struct mlp_fold_kernel {
  mlp_folded_layout<T> layout;
  view<const T> flat;
  view<T> folded;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    constexpr index_t side = mlp_folded_layout<T>::side;
    const mlp_layout<T>& s = layout.flat;
    const index_t whole = i / (side * (side + 1));
    const index_t l = whole < s.hidden_layers ? whole : s.hidden_layers;
    const index_t within = i - layout.weight(l), weights = layout.rows(l) * side;
    const index_t j = within < weights ? within / side : within - weights;
    folded[i] = j >= s.outputs(l) ? T(0) : within < weights ? weight(l, j, within % side) : bias(l, j);
  }

 private:
  DIFFAM_HOST_DEVICE T weight(index_t l, index_t j, index_t k) const {
    const mlp_layout<T>& s = layout.flat;
    if (k >= s.inputs(l)) return T(0);
    const T w = flat[s.weight(l) + j * s.inputs(l) + k];
    return l == 0 ? w : w * flat[s.gain(l - 1) + k];
  }
  DIFFAM_HOST_DEVICE T bias(index_t l, index_t j) const {
    const mlp_layout<T>& s = layout.flat;
    T sum = flat[s.bias(l) + j];
    if (l == 0) return sum;
    DIFFAM_UNROLL_8_ON_DEVICE for (index_t k = 0; k < s.width; ++k) {
      sum += flat[s.weight(l) + j * s.width + k] * flat[s.shift(l - 1) + k];
    }
    return sum;
  }
};

/// The gradient of flat parameter i, added, from the folded ones'.
template <class T>
struct mlp_unfold_kernel {
  mlp_folded_layout<T> layout;
  view<const T> flat, d_folded;
  view<T> gradient;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const mlp_layout<T>& s = layout.flat;
    index_t l = s.hidden_layers;
    while (i < s.weight(l)) --l;
    if (i < s.bias(l)) {
      const index_t within = i - s.weight(l);
      gradient[i] += d_weight(l, within / s.inputs(l), within % s.inputs(l));
    } else if (i < s.bias(l) + s.outputs(l)) {
      gradient[i] += d_folded[layout.bias(l) + i - s.bias(l)];
    } else if (i < s.shift(l)) {
      gradient[i] += d_norm(l + 1, i - s.gain(l), layout.weight(l + 1) + i - s.gain(l), layout.side);
    } else {
      gradient[i] += d_norm(l + 1, i - s.shift(l), layout.bias(l + 1), 1);
    }
  }

 private:
  DIFFAM_HOST_DEVICE T d_weight(index_t l, index_t j, index_t k) const {
    const mlp_layout<T>& s = layout.flat;
    const T d = d_folded[layout.weight(l) + j * layout.side + k];
    if (l == 0) return d;
    return flat[s.gain(l - 1) + k] * d + flat[s.shift(l - 1) + k] * d_folded[layout.bias(l) + j];
  }
  /// Sum over the rows j of layer l of W_jk times every `step`th gradient from `first`.
  DIFFAM_HOST_DEVICE T d_norm(index_t l, index_t k, index_t first, index_t step) const {
    const mlp_layout<T>& s = layout.flat;
    T sum = 0;
    DIFFAM_UNROLL_8_ON_DEVICE for (index_t j = 0; j < s.outputs(l); ++j) {
      sum += flat[s.weight(l) + j * s.width + k] * d_folded[first + j * step];
    }
    return sum;
  }
};

}  // namespace diffam::detail
