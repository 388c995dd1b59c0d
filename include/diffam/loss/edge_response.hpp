// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The edge response of the normal loss: how strongly it counts a change of the image along the normal.
#pragma once

#include <string>

#include "diffam/core/error.hpp"

namespace diffam {

/// Maps the change s = n . g along the outward normal (per unit length) to the strength of an edge. The
/// strength is -s / contrast if the intensity falls, and rising * s / contrast if it rises.
struct edge_response {
  double contrast = 1;  // the change with strength 1, per unit length; > 0
  double rising = 1;    // factor of rising edges, in [0, 1]; 1: |s| as in the paper

  /// Throws `diffam::error` (usage) if a value is out of range.
  void check() const {
    if (!(contrast > 0)) throw error("edge_response: expected contrast > 0, got " + std::to_string(contrast));
    if (!(rising >= 0 && rising <= 1))
      throw error("edge_response: expected rising in [0, 1], got " + std::to_string(rising));
  }
};

}  // namespace diffam
