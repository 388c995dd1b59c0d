// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Sorts points along a Morton curve (Morton, "A computer oriented geodetic data base", IBM 1966). Points that
// are near in space are then near in the order. Thus the result of one point is a good hint for the next, the
// tree stays in the caches, and neighbouring threads of a device visit the same nodes.
#pragma once

#include "diffam/exec/bucket_order.hpp"
#include "diffam/exec/policy.hpp"
#include "diffam/sdf/tree/view.hpp"

namespace diffam {

namespace detail {

/// Bits of a cell's index along one axis. There is about one cell for each point.
constexpr int morton_bits(index_t points) {
  int bits = 4;
  while (bits < 8 && index_t{1} << (3 * bits) < points) ++bits;
  return bits;
}

/// Whether a policy with thread blocks orders by a bucket sort. It is faster if many threads order few
/// points.
constexpr bool order_by_buckets(index_t points) {
  return points <= exec::detail::bucket_order_limit;
}

/// Moves bit k to bit 3 k.
DIFFAM_HOST_DEVICE constexpr std::uint32_t spread_bits(std::uint32_t x) {
  x = (x | x << 8) & 0x0300F00Fu;
  x = (x | x << 4) & 0x030C30C3u;
  return (x | x << 2) & 0x09249249u;
}

/// Writes pair i for the sort: the cell of point i, and i. The cells cover the box of the scene. A point
/// outside counts to the outermost cell.
template <class T>
struct morton_kernel {
  tree_view<T> tree;
  view<const T> points;
  int bits;  // bits of a cell's index along one axis
  view<std::uint32_t> cell;
  view<stored_index> index;  // empty: not wanted

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const T last = static_cast<T>((1 << bits) - 1);
    const T scale = tree.scene_diagonal() > T(0) ? (last + T(1)) / tree.scene_diagonal() : T(0);
    std::uint32_t k = 0;
    for (int a = 0; a < 3; ++a) {
      const T at = (points(i, a) - tree.scene_bounds[1 + a]) * scale;
      const T in = at > T(0) ? (at < last ? at : last) : T(0);  // also 0 if x is NaN
      k |= spread_bits(static_cast<std::uint32_t>(in)) << a;
    }
    cell[i] = k;
    if (!index.empty()) index[i] = static_cast<stored_index>(i);
  }
};

}  // namespace detail

/// The order of points, and the memory for it.
struct point_order {
  view<const stored_index> points;  // entry k: the point at place k

  exec::pair_sort sort;  // for a bucket sort, only the keys are used
  exec::detail::bucket_order buckets;
};

/// Plans the memory for n points.
template <exec::policy Exec>
point_order plan_point_order(arena& a, index_t n) {
  point_order o;
  if constexpr (exec::has_blocks<Exec>)
    if (detail::order_by_buckets(n)) {
      o.sort.keys = a.take<std::uint32_t>(n);
      o.buckets = exec::detail::plan_bucket_order<Exec>(a, n, index_t{1} << 3 * detail::morton_bits(n));
      o.points = o.buckets.order;
      return o;
    }
  o.sort = exec::plan_sort<Exec>(a, n);
  o.points = o.sort.sorted_values;
  return o;
}

template <class T, exec::policy Exec>
void order_points(const Exec& e, const tree_view<T>& tree, view<const T> points, const point_order& o) {
  const int bits = detail::morton_bits(points.rows);
  e.for_each_index(points.rows, detail::morton_kernel<T>{tree, points, bits, o.sort.keys, o.sort.values});
  if constexpr (exec::has_blocks<Exec>)
    if (detail::order_by_buckets(points.rows))
      return exec::detail::order_by_bucket(e, o.sort.keys.data, points.rows, o.buckets);
  e.sort_pairs(o.sort, 3 * bits);
}

}  // namespace diffam
