// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Which changes of the image the normal loss takes for the surface, and how strong one has to be.
#pragma once

#include <string>

#include "diffam/core/error.hpp"

namespace diffam {

/// The strength of an edge from s = n . g, the change along the outward normal, per unit length:
/// -s / contrast where the image falls, rising * s / contrast where it rises.
struct edge_response {
  double contrast = 1;  // the change that counts as 1, per unit length; above 0
  double rising = 1;    // the share of a rising edge, in [0, 1]; 1: |s| as in the paper

  /// Throws `error` (usage) where a value is out of range.
  void check() const {
    if (!(contrast > 0)) throw error("edge_response: expected contrast > 0, got " + std::to_string(contrast));
    if (!(rising >= 0 && rising <= 1))
      throw error("edge_response: expected rising in [0, 1], got " + std::to_string(rising));
  }
};

}  // namespace diffam
