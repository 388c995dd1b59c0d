// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Dice coefficient of two label volumes on one grid (Dice 1945): 2 |A and B| / (|A| + |B|), and 1 if both are
// empty.
#pragma once

#include <array>
#include <span>

#include "diffam/metrics/storage_order.hpp"

namespace diffam::metrics {

/// Number of voxels with one label.
struct overlap_count {
  index_t prediction = 0;
  index_t truth = 0;
  index_t both = 0;

  double dice() const {
    const index_t sum = prediction + truth;
    return sum > 0 ? 2 * static_cast<double>(both) / static_cast<double>(sum) : 1;
  }
};

/// Voxels of two volumes are at the same place if they are nearer than this (voxels).
inline constexpr double same_place = 0.01;

/// Throws `error` (bad_data) unless the voxels of both grids are at the same places (to 0.01 voxels).
inline void require_same_grid(const char* where, const grid& a, const grid& b) {
  const bool same = a.size == b.size && corner_distance(a, b) < same_place;
  if (!same)
    throw error(
        std::string(where) + ": expected two volumes with the same voxels, got different sizes or places",
        error_kind::bad_data);
}

/// Counts all labels in one pass. Throws `error` (bad_data) if the grids differ.
inline std::array<overlap_count, 256> count_overlaps(const volume<std::uint8_t>& prediction,
                                                     const volume<std::uint8_t>& truth) {
  require_same_grid("dice", prediction.geometry, truth.geometry);
  std::array<overlap_count, 256> counts{};
  for (std::size_t v = 0; v < truth.voxels.size(); ++v) {
    const std::uint8_t p = prediction.voxels[v], t = truth.voxels[v];
    ++counts[p].prediction;
    ++counts[t].truth;
    if (p == t) ++counts[p].both;
  }
  return counts;
}

/// Dice of one label, 0 to 1. Throws `error` if the grids differ or the label is not in 0 ... 255.
inline double dice(const volume<std::uint8_t>& prediction, const volume<std::uint8_t>& truth, int label) {
  if (label < 0 || label > 255)
    throw error("dice: expected a label from 0 to 255, got " + std::to_string(label));
  return count_overlaps(prediction, truth)[static_cast<std::size_t>(label)].dice();
}

/// Mean of the values; 0 if there are none.
inline double mean(std::span<const double> values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

}  // namespace diffam::metrics
