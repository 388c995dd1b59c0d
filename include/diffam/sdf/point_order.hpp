// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Points in the order of a Morton curve (Morton, "A computer oriented geodetic data base", IBM 1966): what is
// near in space is then near in number, so that one point's
// answer helps the next, caches keep the tree, and a device's neighbouring threads take the same way through
// it.
#pragma once

#include "diffam/exec/policy.hpp"
#include "diffam/sdf/tree_view.hpp"

namespace diffam {

/// Memory of an order: `sorted_values[k]` is the point that comes k-th.
using point_order = exec::pair_sort;

/// Of n points.
template <exec::policy Exec>
point_order plan_point_order(arena& a, index_t n) {
  return exec::plan_sort<Exec>(a, n);
}

namespace detail {

/// An axis: about a cell a point.
constexpr int morton_bits(index_t points) {
  int bits = 4;
  while (bits < 8 && index_t{1} << (3 * bits) < points) ++bits;
  return bits;
}

/// Bit k goes to bit 3 k.
DIFFAM_HOST_DEVICE constexpr std::uint32_t spread_bits(std::uint32_t x) {
  x = (x | x << 8) & 0x0300F00Fu;
  x = (x | x << 4) & 0x030C30C3u;
  return (x | x << 2) & 0x09249249u;
}

/// Pair i: the cell of point i, and i. The cells cover the scene's box; points outside count to the
/// outermost.
template <class T>
struct morton_kernel {
  tree_view<T> tree;
  view<const T> points;
  int bits;  // of a cell's number along an axis
  view<std::uint32_t> cell;
  view<stored_index> index;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const T last = static_cast<T>((1 << bits) - 1);
    const T scale = *tree.size > T(0) ? (last + T(1)) / *tree.size : T(0);
    std::uint32_t k = 0;
    for (int a = 0; a < 3; ++a) {
      const T at = (points(i, a) - tree.size[1 + a]) * scale;
      const T in = at > T(0) ? (at < last ? at : last) : T(0);  // also where it is not a number
      k |= spread_bits(static_cast<std::uint32_t>(in)) << a;
    }
    cell[i] = k;
    index[i] = static_cast<stored_index>(i);
  }
};

}  // namespace detail

template <class T, exec::policy Exec>
void order_points(const Exec& e, const tree_view<T>& tree, view<const T> points, const point_order& o) {
  const int bits = detail::morton_bits(points.rows);
  e.for_each_index(points.rows, detail::morton_kernel<T>{tree, points, bits, o.keys, o.values});
  e.sort_pairs(o, 3 * bits);
}

}  // namespace diffam
