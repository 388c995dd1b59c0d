// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Eight rows of a table of three columns, read into three lane vectors: the corners of eight triangles.
#pragma once

#include "diffam/simd/lanes.hpp"

namespace diffam {

namespace detail {

inline namespace DIFFAM_LANES {

#if DIFFAM_VECTOR_TYPES
/// As many rows of float as a register has lanes. x and y of a row are loaded at once.
template <class Part>
DIFFAM_LANE_OP void gather_register(const float* table, const stored_index* start, Part& x, Part& y,
                                    Part& z) {
  constexpr int count = sizeof(Part) / 4;
  typedef double pairs __attribute__((vector_size(sizeof(Part))));
  const float* at[count];
  double xy[count];
  for (int l = 0; l < count; ++l) {
    at[l] = table + start[l];
    std::memcpy(&xy[l], at[l], sizeof xy[l]);
  }
  if constexpr (count == 8) {
    const auto a = same_bits<Part>(pairs{xy[0], xy[1], xy[4], xy[5]}),
               b = same_bits<Part>(pairs{xy[2], xy[3], xy[6], xy[7]});
    x = __builtin_shufflevector(a, b, 0, 2, 8, 10, 4, 6, 12, 14);
    y = __builtin_shufflevector(a, b, 1, 3, 9, 11, 5, 7, 13, 15);
    z = Part{at[0][2], at[1][2], at[2][2], at[3][2], at[4][2], at[5][2], at[6][2], at[7][2]};
  } else {
    const auto a = same_bits<Part>(pairs{xy[0], xy[1]}), b = same_bits<Part>(pairs{xy[2], xy[3]});
    x = __builtin_shufflevector(a, b, 0, 2, 4, 6);
    y = __builtin_shufflevector(a, b, 1, 3, 5, 7);
    z = Part{at[0][2], at[1][2], at[2][2], at[3][2]};
  }
}
#endif

}  // namespace DIFFAM_LANES

}  // namespace detail

/// Lane l of x, y and z is table[start[l]] and the two numbers after it.
template <class T>
DIFFAM_LANE_OP void gather(const T* table, const stored_index* start, lane_vector<T>& x, lane_vector<T>& y,
                           lane_vector<T>& z) {
#if DIFFAM_VECTOR_TYPES
  if constexpr (sizeof(T) == 4) {
    for (int i = 0; i < lane_vector<T>::parts; ++i)
      detail::gather_register(table, start + i * lane_vector<T>::width, x.v[i], y.v[i], z.v[i]);
    return;
  }
#endif
  constexpr int own_lanes = lane_count / detail::lane_threads;
  T column[3][own_lanes];
  for (int l = 0; l < own_lanes; ++l)
    for (int k = 0; k < 3; ++k)
      column[k][l] = table[start[detail::own_thread<detail::lane_threads>() + l] + k];
  std::memcpy(x.v, column[0], sizeof x.v);
  std::memcpy(y.v, column[1], sizeof y.v);
  std::memcpy(z.v, column[2], sizeof z.v);
}

}  // namespace diffam
