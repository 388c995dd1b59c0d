// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Where the renderer's parameters lie. Flat (the parameter block, what is saved), without gaps:
//     hidden layer 0:  weight [width x 2F], bias [width], gain [width], shift [width]
//     hidden layer l:  weight [width x width], bias, gain, shift
//     output:          weight [1 x width], bias [1]
// with the norm's gain and shift, and weights as out x in, row-major. Packed (the kernels' copy): the same
// order, every row padded with zeros to whole cache lines.
#pragma once

#include "diffam/core/lanes.hpp"

namespace diffam {

namespace detail {
/// n rounded up to whole cache lines.
template <class T>
DIFFAM_HOST_DEVICE constexpr index_t padded(index_t n) {
  constexpr index_t line = lanes_in_line<T>;
  return (n + line - 1) / line * line;
}
}  // namespace detail

template <class T>
struct mlp_layout {
  index_t frequencies = 32;   // F
  index_t width = 64;         // of the hidden layers
  index_t hidden_layers = 2;  // H

  DIFFAM_HOST_DEVICE constexpr index_t inputs(index_t l) const { return l == 0 ? 2 * frequencies : width; }
  DIFFAM_HOST_DEVICE constexpr index_t padded_inputs(index_t l) const { return detail::padded<T>(inputs(l)); }
  DIFFAM_HOST_DEVICE constexpr index_t padded_width() const { return detail::padded<T>(width); }
  /// Widest row of all.
  DIFFAM_HOST_DEVICE constexpr index_t stride() const {
    return padded_inputs(0) > padded_width() ? padded_inputs(0) : padded_width();
  }

  // Offsets in the flat block; layer H is the output.
  DIFFAM_HOST_DEVICE constexpr index_t weight(index_t l) const {
    return l == 0 ? 0 : width * (2 * frequencies + 3) + (l - 1) * width * (width + 3);
  }
  DIFFAM_HOST_DEVICE constexpr index_t outputs(index_t l) const { return l < hidden_layers ? width : 1; }
  DIFFAM_HOST_DEVICE constexpr index_t bias(index_t l) const { return weight(l) + outputs(l) * inputs(l); }
  DIFFAM_HOST_DEVICE constexpr index_t gain(index_t l) const { return bias(l) + width; }
  DIFFAM_HOST_DEVICE constexpr index_t shift(index_t l) const { return gain(l) + width; }
  DIFFAM_HOST_DEVICE constexpr index_t size() const { return bias(hidden_layers) + 1; }

  // Offsets in the packed copy.
  DIFFAM_HOST_DEVICE constexpr index_t packed_weight(index_t l) const {
    const index_t w = padded_width();
    return l == 0 ? 0 : w * (padded_inputs(0) + 3) + (l - 1) * w * (w + 3);
  }
  DIFFAM_HOST_DEVICE constexpr index_t packed_bias(index_t l) const {
    return packed_weight(l) + (l < hidden_layers ? padded_width() * padded_inputs(l) : padded_width());
  }
  DIFFAM_HOST_DEVICE constexpr index_t packed_gain(index_t l) const {
    return packed_bias(l) + padded_width();
  }
  DIFFAM_HOST_DEVICE constexpr index_t packed_shift(index_t l) const {
    return packed_gain(l) + padded_width();
  }
  DIFFAM_HOST_DEVICE constexpr index_t packed_size() const {
    return packed_bias(hidden_layers) + lanes_in_line<T>;
  }

  /// Where flat parameter i lies in the packed copy.
  DIFFAM_HOST_DEVICE constexpr index_t packed(index_t i) const { return place(i, false); }
  /// The same with hidden weights transposed (in x out): [padded inputs x padded width].
  DIFFAM_HOST_DEVICE constexpr index_t packed_transposed(index_t i) const { return place(i, true); }

 private:
  DIFFAM_HOST_DEVICE constexpr index_t place(index_t i, bool transposed) const {
    index_t l = hidden_layers;
    while (i < weight(l)) --l;
    const index_t within = i - weight(l);
    if (l == hidden_layers) return within < width ? packed_weight(l) + within : packed_bias(l);
    if (i < bias(l)) {
      const index_t out = within / inputs(l), in = within % inputs(l);
      return packed_weight(l) + (transposed ? in * padded_width() + out : out * padded_inputs(l) + in);
    }
    const index_t part = (i - bias(l)) / width, k = (i - bias(l)) % width;  // bias, gain, shift
    return packed_bias(l) + part * padded_width() + k;
  }
};

}  // namespace diffam
