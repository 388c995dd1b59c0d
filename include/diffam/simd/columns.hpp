// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Blocks of indices that are computed at the same time, one in each lane, and their numbers in memory.
#pragma once

#include "diffam/core/view.hpp"
#include "diffam/simd/lanes.hpp"

namespace diffam {

/// The numbers of a block: row k holds number k of each index (a structure of arrays).
template <class T, int Kinds, int Count>
struct lane_columns {
  using row = lanes<T, Count>;
  alignas(64) T at[Kinds][Count];

  DIFFAM_LANE_OP vec3<row> vectors(int kind) const {
    return {row::load(at[kind]), row::load(at[kind + 1]), row::load(at[kind + 2])};
  }
  DIFFAM_LANE_OP void set(int kind, const vec3<row>& v) {
    for (int k = 0; k < 3; ++k) v[k].store(at[kind + k]);
  }
  /// The same for one lane.
  DIFFAM_LANE_OP vec3<T> vector(int kind, int lane) const {
    return {at[kind][lane], at[kind + 1][lane], at[kind + 2][lane]};
  }
  DIFFAM_LANE_OP void set(int kind, int lane, const vec3<T>& v) {
    for (int k = 0; k < 3; ++k) at[kind + k][lane] = v[k];
  }
  /// Sets a lane to the three rows of x that face t names: its corners.
  DIFFAM_HOST_DEVICE void gather(int lane, const view<const T>& x, const face& t) {
    for (int k = 0; k < 9; ++k) at[k][lane] = x(t[k / 3], k % 3);
  }
};

/// The indices of a block. The last block repeats the last index where it is not full.
template <int Count>
struct lane_block {
  index_t first, size;

  DIFFAM_HOST_DEVICE lane_block(index_t block, index_t all)
      : first(block * Count), size(all - first < Count ? all - first : Count) {}
  DIFFAM_HOST_DEVICE index_t index_of(int lane) const { return first + (lane < size ? lane : size - 1); }
  static index_t count(index_t all) { return (all + Count - 1) / Count; }
};

}  // namespace diffam
