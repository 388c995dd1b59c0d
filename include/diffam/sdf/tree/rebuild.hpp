// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Kernels that order the faces of a tree. A run of faces belongs to a subtree. Each round halves all runs at
// once, each along its coordinate with the largest range, until every leaf has its own run. A round is one
// kernel and one sort.
#pragma once

#include <vector>

#include "diffam/exec/pair_sort.hpp"
#include "diffam/sdf/tree/boxes.hpp"

namespace diffam {

/// Planned memory of a rebuild.
template <class T>
struct tree_rebuild_memory {
  view<T> coordinates;   // F x 3
  exec::pair_sort sort;  // of F pairs; sorted_values: the faces in order
};

namespace detail {

/// Writes the centroid of face f, and f as the initial entry f of the order.
template <class T>
struct face_centroid_kernel {
  view<const face> faces;
  view<const T> vertices;
  view<T> coordinates;
  view<stored_index> order;

  DIFFAM_HOST_DEVICE void operator()(index_t f) const {
    const face& t = faces[f];
    const vec3<T> sum = load3(vertices, t[0]) + load3(vertices, t[1]) + load3(vertices, t[2]);
    store3(coordinates, f, sum * T(1.0 / 3));
    order[f] = static_cast<stored_index>(f);
  }
};

/// Number of bits of a key that hold the position of a face in its run. The other bits hold the number of the
/// run.
DIFFAM_HOST_DEVICE constexpr int place_bits(index_t runs) {
  const int left = 32 - exec::bit_count(runs);
  return left < 20 ? left : 20;  // a float holds these integers exactly
}

/// Writes the sort keys of the faces of run r: the number of the run, then the coordinate of the largest
/// range. If a coordinate is not finite, the order within the run is arbitrary.
template <class T>
struct split_run_kernel {
  view<const stored_index> first;  // R + 1: first place of each run in the order
  view<const T> coordinates;       // F x any
  view<const stored_index> order;
  view<std::uint32_t> keys;
  view<stored_index> values;

  DIFFAM_HOST_DEVICE void operator()(index_t r) const {
    const stored_index begin = first[r], end = first[r + 1];
    index_t axis = 0;
    T low = 0, range = -1;
    for (index_t k = 0; k < coordinates.cols; ++k) {
      T lo = coordinates(order[begin], k), hi = lo;
      for (stored_index i = begin + 1; i < end; ++i) {
        const T x = coordinates(order[i], k);
        lo = x < lo ? x : lo;
        hi = x > hi ? x : hi;
      }
      if (hi - lo > range) range = hi - lo, low = lo, axis = k;
    }
    const int bits = place_bits(first.rows - 1);
    const T last = static_cast<T>((1 << bits) - 1);
    const T scale = range > T(0) ? last / range : T(0);
    const std::uint32_t run = bits < 32 ? static_cast<std::uint32_t>(r) << bits : 0u;
    for (stored_index i = begin; i < end; ++i) {
      const T x = (coordinates(order[i], axis) - low) * scale;
      const T in = x > T(0) ? (x < last ? x : last) : T(0);  // also 0 if x is NaN
      keys[i] = run | static_cast<std::uint32_t>(in);
      values[i] = order[i];
    }
  }
};

/// Orders the faces by their coordinates. `s.sorted_values` holds the order: any permutation at first, the
/// result at the end. Round k has the runs [round[k], round[k + 1] - 1) of `first`; the entry after them is
/// the end of the last run.
template <class T, class E>
void order_faces(const E& e, const std::vector<index_t>& round, view<const stored_index> first,
                 view<const T> coordinates, const exec::pair_sort& s) {
  for (std::size_t k = 0; k + 1 < round.size(); ++k) {
    const view<const stored_index> of_round(first.data + round[k], round[k + 1] - round[k], 1);
    const index_t runs = of_round.rows - 1;
    e.for_each_index(runs, split_run_kernel<T>{of_round, coordinates, s.sorted_values, s.keys, s.values}, 1);
    e.sort_pairs(s, place_bits(runs) + exec::bit_count(runs));
  }
}

/// Assigns a face to lane i, where the lanes of all leaves are counted together.
struct place_face_kernel {
  view<const stored_index> rank;   // by lane: place of its face in the order; unused lane: ~ the place of
                                   // lane 0
  view<const stored_index> order;  // F: the faces in order
  view<const face> faces;
  view<stored_index> lanes;         // by lane: its face; unused lane: the face of lane 0
  view<stored_index> corners;       // 24 for each leaf: 3 times the vertex index
  view<stored_index> lane_of_face;  // F: 8 leaf + lane

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const stored_index r = rank[i];
    const stored_index f = order[r < 0 ? ~r : r];
    lanes[i] = f;
    const index_t at = i / lane_count * 3 * lane_count + i % lane_count;
    for (int c = 0; c < 3; ++c) corners[at + c * lane_count] = 3 * faces[f][r < 0 ? 0 : c];
    if (r >= 0) lane_of_face[f] = static_cast<stored_index>(i);
  }
};

}  // namespace detail

}  // namespace diffam
