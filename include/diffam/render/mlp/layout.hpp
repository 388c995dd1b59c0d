// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The positions of the renderer's parameters in the flat parameter block, which is also the saved form. There
// are no gaps:
//     hidden layer 0:  weight [width x 2F], bias [width], gain [width], shift [width]
//     hidden layer l:  weight [width x width], bias, gain, shift
//     output:          weight [outputs x width], bias [outputs]
// Gain and shift belong to the layer normalisation. Weights are out x in, row-major.
#pragma once

#include "diffam/simd/lanes.hpp"

namespace diffam {

namespace detail {
/// n rounded up to whole cache lines.
template <class T>
DIFFAM_HOST_DEVICE constexpr index_t padded(index_t n) {
  constexpr index_t line = lanes_in_line<T>;
  return (n + line - 1) / line * line;
}
}  // namespace detail

/// The positions of the parameters of a network.
template <class T>
struct mlp_layout {
  index_t frequencies = 32;   // F
  index_t width = 64;         // units of each hidden layer
  index_t hidden_layers = 2;  // H
  index_t channels = 1;       // outputs of the network

  DIFFAM_HOST_DEVICE constexpr index_t inputs(index_t l) const { return l == 0 ? 2 * frequencies : width; }
  /// The greater of the number of inputs of the first layer and `width`, rounded up to whole cache lines.
  DIFFAM_HOST_DEVICE constexpr index_t side() const {
    return detail::padded<T>(inputs(0) > width ? inputs(0) : width);
  }

  // Offsets in the flat block; layer H is the output.
  DIFFAM_HOST_DEVICE constexpr index_t weight(index_t l) const {
    return l == 0 ? 0 : width * (2 * frequencies + 3) + (l - 1) * width * (width + 3);
  }
  DIFFAM_HOST_DEVICE constexpr index_t outputs(index_t l) const {
    return l < hidden_layers ? width : channels;
  }
  DIFFAM_HOST_DEVICE constexpr index_t bias(index_t l) const { return weight(l) + outputs(l) * inputs(l); }
  DIFFAM_HOST_DEVICE constexpr index_t gain(index_t l) const { return bias(l) + width; }
  DIFFAM_HOST_DEVICE constexpr index_t shift(index_t l) const { return gain(l) + width; }
  DIFFAM_HOST_DEVICE constexpr index_t size() const { return bias(hidden_layers) + channels; }
};

}  // namespace diffam
