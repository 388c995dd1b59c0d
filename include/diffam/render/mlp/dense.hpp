// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The renderer for several inputs or outputs, as dense matrix products over all points. The features of a
// point x in R^C are sin and cos of 2 pi B x, with B of F x C. With n the normalised values of a layer, W, b
// its weights, and g, s the gain and shift of its normalisation:
//     z = a W^T + b,  r = ReLU(z),  a' = g n(r) + s
//     dW = d_z^T a    db = d_z^T 1    dg = (d_a' n)^T 1    ds = d_a'^T 1    d_a = d_z W
#pragma once

#include "diffam/core/arena.hpp"
#include "diffam/core/view.hpp"
#include "diffam/exec/policy.hpp"
#include "diffam/render/activation.hpp"
#include "diffam/render/fourier.hpp"
#include "diffam/render/layer_norm.hpp"
#include "diffam/render/mlp/layout.hpp"

namespace diffam::detail {

/// The values that forward and backward share.
template <class T>
struct mlp_dense {
  mlp_layout<T> layout;
  output_kind output = output_kind::identity;
  view<const T> frequencies;     // F x C
  view<T> features;              // N x 2F
  view<T> transposed;            // weights of all layers, in x out, at their places in the flat block
  view<T> rectified;             // H N x width: r
  view<row_moments<T>> moments;  // H N
  view<T> normalised;            // H N x width: a'
  view<T> y;                     // N x outputs
  view<T> d_z, d_a;              // N x the largest of width, outputs, 2F
  view<T> d_gain;                // N x width: the terms of dg
  view<T> ones;                  // N

  void plan(arena& a, index_t n) {
    const index_t hidden = layout.hidden_layers * n, width = layout.width;
    index_t widest = width > layout.channels ? width : layout.channels;
    if (layout.inputs(0) > widest) widest = layout.inputs(0);
    features = a.take<T>(n, layout.inputs(0));
    transposed = a.take<T>(layout.size());
    rectified = a.take<T>(hidden, width);
    moments = a.take<row_moments<T>>(hidden);
    normalised = a.take<T>(hidden, width);
    y = a.take<T>(n, layout.channels);
    d_z = a.take<T>(n, widest);
    d_a = a.take<T>(n, widest);
    d_gain = a.take<T>(n, width);
    ones = a.take<T>(n);
  }

  index_t points() const { return y.rows; }
  /// The input of layer l: N x inputs(l).
  view<T> input(index_t l) const { return l == 0 ? features : of_layer(normalised, l - 1); }
  view<T> of_layer(const view<T>& all, index_t l) const { return all.rows_from(l * points(), points()); }
  view<row_moments<T>> moments_of(index_t l) const { return moments.rows_from(l * points(), points()); }
};

/// Writes feature pair j of point i, index i F + j.
template <class T>
struct mlp_encode_kernel {
  view<const T> x, frequencies;  // N x C; F x C
  view<T> features;              // N x 2F
  DIFFAM_HOST_DEVICE void operator()(index_t k) const {
    const index_t count = frequencies.rows, i = k / count, j = k % count;
    T turns = 0;
    for (index_t c = 0; c < frequencies.cols; ++c) turns += frequencies(j, c) * x(i, c);
    const sine_cosine<T> s = sincos_turns(turns);
    features(i, j) = s.sine;
    features(i, count + j) = s.cosine;
  }
};

/// Adds dL/dx of input c of point i, index i C + c.
template <class T>
struct mlp_encode_pullback_kernel {
  view<const T> frequencies, features, d_features;
  view<T> d_x;  // N x C or more columns
  DIFFAM_HOST_DEVICE void operator()(index_t k) const {
    const index_t count = frequencies.rows, i = k / frequencies.cols, c = k % frequencies.cols;
    T sum = 0;
    for (index_t j = 0; j < count; ++j)
      sum += fourier_pullback(frequencies(j, c), sine_cosine<T>{features(i, j), features(i, count + j)},
                              sine_cosine<T>{d_features(i, j), d_features(i, count + j)});
    d_x(i, c) += sum;
  }
};

/// Element k of the transposed weights of a layer.
template <class T>
struct mlp_transpose_kernel {
  const T* weight;  // outputs x inputs
  T* transposed;    // inputs x outputs
  index_t inputs, outputs;
  DIFFAM_HOST_DEVICE void operator()(index_t k) const {
    transposed[k] = weight[k % outputs * inputs + k / outputs];
  }
};

/// Writes the bias to every row.
template <class T>
struct mlp_bias_kernel {
  const T* bias;
  view<T> z;
  DIFFAM_HOST_DEVICE void operator()(index_t k) const { z[k] = bias[k % z.cols]; }
};

/// ReLU and normalisation of row i: z becomes r.
template <class T>
struct mlp_normalise_kernel {
  const T *gain, *shift;
  view<T> rectified, normalised;
  view<row_moments<T>> moments;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    T *r = rectified.row(i), *to = normalised.row(i);
    const index_t width = rectified.cols;
    for (index_t j = 0; j < width; ++j) r[j] = relu_value(r[j]);
    const row_moments<T> m = moments[i] = moments_of_row(r, width);
    for (index_t j = 0; j < width; ++j) to[j] = gain[j] * normalise(m, r[j]) + shift[j];
  }
};

/// Its pullback: writes d_z and the terms of dg.
template <class T>
struct mlp_normalise_pullback_kernel {
  const T* gain;
  view<const T> rectified, d_a;
  view<const row_moments<T>> moments;
  view<T> d_z, d_gain;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const T *r = rectified.row(i), *d = d_a.row(i);
    const index_t width = rectified.cols;
    const row_moments<T> m = moments[i];
    const row_pullback_means<T> means = pullback_means(m, r, gain, d, width);
    for (index_t j = 0; j < width; ++j) {
      const T n = normalise(m, r[j]);
      d_gain(i, j) = d[j] * n;
      d_z(i, j) = relu_pullback(r[j], layer_norm_pullback(m, means, n, gain[j] * d[j]));
    }
  }
};

/// The activation of the outputs, and its pullback.
template <class T>
struct mlp_output_kernel {
  output_kind output;
  view<T> kept, y;  // kept: z, becomes the value
  DIFFAM_HOST_DEVICE void operator()(index_t k) const { y[k] = kept[k] = output_value(output, kept[k]); }
};
template <class T>
struct mlp_output_pullback_kernel {
  output_kind output;
  view<const T> y, d_y;
  view<T> d_z;
  DIFFAM_HOST_DEVICE void operator()(index_t k) const { d_z[k] = output_pullback(output, y[k], d_y[k]); }
};

template <class T, exec::policy Exec>
void run_mlp_dense(const Exec& e, const mlp_dense<T>& f, view<const T> flat, view<const T> x, view<T> y) {
  const mlp_layout<T>& s = f.layout;
  const index_t n = f.points();
  e.for_each_index(n * s.frequencies, mlp_encode_kernel<T>{x, f.frequencies, f.features});
  for (index_t l = 0; l <= s.hidden_layers; ++l) {
    const index_t in = s.inputs(l), out = s.outputs(l);
    T* const transposed = f.transposed.data + s.weight(l);
    const view<T> z = l < s.hidden_layers ? f.of_layer(f.rectified, l) : f.y;
    e.for_each_index(in * out, mlp_transpose_kernel<T>{flat.data + s.weight(l), transposed, in, out});
    e.for_each_index(z.size(), mlp_bias_kernel<T>{flat.data + s.bias(l), z});
    e.gemm(view<const T>(f.input(l)), view<const T>{transposed, in, out}, z);
    if (l < s.hidden_layers)
      e.for_each_index(n, mlp_normalise_kernel<T>{flat.data + s.gain(l), flat.data + s.shift(l), z,
                                                  f.of_layer(f.normalised, l), f.moments_of(l)});
  }
  e.for_each_index(y.size(), mlp_output_kernel<T>{f.output, f.y, y});
}

template <class T, exec::policy Exec>
void pull_mlp_dense(const Exec& e, const mlp_dense<T>& f, view<const T> flat, view<const T> d_y, view<T> d_x,
                    view<T> gradient) {
  const mlp_layout<T>& s = f.layout;
  const index_t n = f.points();
  e.fill(f.ones, T(1));
  view<T> d_z{f.d_z.data, n, s.channels};
  e.for_each_index(d_y.size(), mlp_output_pullback_kernel<T>{f.output, f.y, d_y, d_z});
  for (index_t l = s.hidden_layers;; --l) {
    const index_t in = s.inputs(l), out = s.outputs(l);
    const view<T> d_a{f.d_a.data, n, in};
    e.gemm_transposed(view<const T>(d_z), view<const T>(f.input(l)),
                      view<T>{gradient.data + s.weight(l), out, in});
    e.gemm_transposed(view<const T>(d_z), view<const T>(f.ones), view<T>{gradient.data + s.bias(l), out});
    if (l == 0 && d_x.empty()) return;
    e.fill(d_a, T(0));
    e.gemm(view<const T>(d_z), view<const T>{flat.data + s.weight(l), out, in}, d_a);
    if (l == 0) break;
    d_z = {f.d_z.data, n, s.width};
    e.for_each_index(
        n, mlp_normalise_pullback_kernel<T>{flat.data + s.gain(l - 1), f.of_layer(f.rectified, l - 1), d_a,
                                            f.moments_of(l - 1), d_z, f.d_gain});
    e.gemm_transposed(view<const T>(f.d_gain), view<const T>(f.ones),
                      view<T>{gradient.data + s.gain(l - 1), s.width});
    e.gemm_transposed(view<const T>(d_a), view<const T>(f.ones),
                      view<T>{gradient.data + s.shift(l - 1), s.width});
  }
  const view<const T> d_features{f.d_a.data, n, s.inputs(0)};
  e.for_each_index(n * f.frequencies.cols,
                   mlp_encode_pullback_kernel<T>{f.frequencies, f.features, d_features, d_x});
}

}  // namespace diffam::detail
