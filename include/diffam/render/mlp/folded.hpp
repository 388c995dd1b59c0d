// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The parameters of the renderer with the gain and shift of each normalisation folded into the next layer.
// Then plain normalised values n lie between two layers. The gradients of the weights follow from the
// gradients of the folded weights, once for all points. With W, b the weights after a normalisation of gain g
// and shift s:
//
//     W (g n + s) + b = W' n + b'        W'_jk = W_jk g_k            b'_j = b_j + sum_k W_jk s_k
//     dW_jk = g_k dW'_jk + s_k db'_j     dg_k = sum_j W_jk dW'_jk    ds_k = sum_j W_jk db'_j    db_j = db'_j
//
// The matrix of every layer is padded with zeros to a square: 64 x 64 for tiles (mlp/tile.hpp), whole cache
// lines for shards (mlp/shards.hpp).
#pragma once

#include "diffam/core/view.hpp"
#include "diffam/exec/block.hpp"
#include "diffam/render/mlp/layout.hpp"

namespace diffam::detail {

/// An index that is known at compile time.
template <index_t N>
struct fixed_index {
  DIFFAM_HOST_DEVICE constexpr operator index_t() const { return N; }
};

/// The positions of W' [side x side] and b' [side] of each layer. The output layer H has W' [side] and one
/// number b'.
template <class T, class Side = fixed_index<64>>  // or index_t
struct mlp_folded_layout {
  mlp_layout<T> flat;
  Side side{};

  bool fits() const { return 2 * flat.frequencies <= side && flat.width <= side; }
  DIFFAM_HOST_DEVICE constexpr index_t rows(index_t l) const {
    return l < flat.hidden_layers ? index_t{side} : 1;
  }
  DIFFAM_HOST_DEVICE constexpr index_t weight(index_t l) const { return l * side * (side + 1); }
  DIFFAM_HOST_DEVICE constexpr index_t bias(index_t l) const { return weight(l) + rows(l) * side; }
  DIFFAM_HOST_DEVICE constexpr index_t size() const { return bias(flat.hidden_layers) + 1; }
};

/// The formulas above: from parameters to folded parameters.
template <class T, class Side>
struct mlp_folding {
  mlp_folded_layout<T, Side> layout;
  view<const T> flat;

  DIFFAM_HOST_DEVICE T weight(index_t l, index_t j, index_t k) const {
    const mlp_layout<T>& s = layout.flat;
    if (j >= s.outputs(l) || k >= s.inputs(l)) return T(0);
    const T w = flat[s.weight(l) + j * s.inputs(l) + k];
    return l == 0 ? w : w * flat[s.gain(l - 1) + k];
  }
  DIFFAM_HOST_DEVICE T bias(index_t l, index_t j) const {
    const mlp_layout<T>& s = layout.flat;
    if (j >= s.outputs(l)) return T(0);
    T sum = flat[s.bias(l) + j];
    if (l == 0) return sum;
    DIFFAM_UNROLL_8_ON_DEVICE for (index_t k = 0; k < s.width; ++k) {
      sum += flat[s.weight(l) + j * s.width + k] * flat[s.shift(l - 1) + k];
    }
    return sum;
  }
};

/// The formulas above: from gradients of the folded parameters to gradients of the parameters.
template <class T, class Side>
struct mlp_unfolding {
  mlp_folded_layout<T, Side> layout;
  view<const T> flat, d_folded;

  DIFFAM_HOST_DEVICE T d_weight(index_t l, index_t j, index_t k) const {
    const mlp_layout<T>& s = layout.flat;
    const T d = d_folded[layout.weight(l) + j * layout.side + k];
    if (l == 0) return d;
    return flat[s.gain(l - 1) + k] * d + flat[s.shift(l - 1) + k] * d_folded[layout.bias(l) + j];
  }
  DIFFAM_HOST_DEVICE T d_bias(index_t l, index_t j) const { return d_folded[layout.bias(l) + j]; }
  /// The gradients of gain and shift of the normalisation after hidden layer l.
  DIFFAM_HOST_DEVICE T d_gain(index_t l, index_t k) const {
    return weighted_column(l + 1, k, layout.weight(l + 1) + k, layout.side);
  }
  DIFFAM_HOST_DEVICE T d_shift(index_t l, index_t k) const {
    return weighted_column(l + 1, k, layout.bias(l + 1), 1);
  }

 private:
  /// The sum, over the rows j of layer l, of W_jk times the folded gradient at `first` + j `step`.
  DIFFAM_HOST_DEVICE T weighted_column(index_t l, index_t k, index_t first, index_t step) const {
    const mlp_layout<T>& s = layout.flat;
    T sum = 0;
    DIFFAM_UNROLL_8_ON_DEVICE for (index_t j = 0; j < s.outputs(l); ++j) {
      sum += flat[s.weight(l) + j * s.width + k] * d_folded[first + j * step];
    }
    return sum;
  }
};

/// Writes element i of the folded parameters.
template <class T>
struct mlp_fold_kernel {
  mlp_folded_layout<T> layout;
  view<const T> flat;
  view<T> folded;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const index_t side = layout.side, hidden_layers = layout.flat.hidden_layers;
    const index_t whole = i / (side * (side + 1));
    const index_t l = whole < hidden_layers ? whole : hidden_layers;
    const index_t within = i - layout.weight(l), weights = layout.rows(l) * side;
    const mlp_folding<T, fixed_index<64>> fold{layout, flat};
    folded[i] =
        within < weights ? fold.weight(l, within / side, within % side) : fold.bias(l, within - weights);
  }
};

/// Adds the gradient of flat parameter i, computed from the folded gradients.
template <class T>
struct mlp_unfold_kernel {
  mlp_folded_layout<T> layout;
  view<const T> flat, d_folded;
  view<T> gradient;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const mlp_layout<T>& s = layout.flat;
    const mlp_unfolding<T, fixed_index<64>> unfold{layout, flat, d_folded};
    index_t l = s.hidden_layers;
    while (i < s.weight(l)) --l;
    if (i < s.bias(l)) {
      const index_t within = i - s.weight(l);
      gradient[i] += unfold.d_weight(l, within / s.inputs(l), within % s.inputs(l));
    } else if (i < s.bias(l) + s.outputs(l)) {
      gradient[i] += unfold.d_bias(l, i - s.bias(l));
    } else if (i < s.shift(l)) {
      gradient[i] += unfold.d_gain(l, i - s.gain(l));
    } else {
      gradient[i] += unfold.d_shift(l, i - s.shift(l));
    }
  }
};

}  // namespace diffam::detail
