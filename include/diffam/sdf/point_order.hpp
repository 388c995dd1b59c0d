// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Points in the order of a Morton curve (Morton, "A computer oriented geodetic data base", IBM 1966): what is
// near in space is then near in number, so that one point's answer helps the next and caches keep the tree.
#pragma once

#include "diffam/core/arena.hpp"
#include "diffam/exec/policy.hpp"
#include "diffam/sdf/tree_view.hpp"

namespace diffam {

/// Memory of an order of n points.
struct point_order {
  view<stored_index> order;   // n: the point that comes k-th
  view<std::uint32_t> key;    // n
  view<stored_index> before;  // n: after the first pass
  view<std::uint32_t> count;  // a digit's values
};

namespace detail {

inline constexpr int morton_bits = 8;                   // an axis
inline constexpr int digit_bits = 3 * morton_bits / 2;  // two passes

/// Bit k goes to bit 3 k.
DIFFAM_HOST_DEVICE constexpr std::uint32_t spread_bits(std::uint32_t x) {
  x = (x | x << 8) & 0x0300F00Fu;
  x = (x | x << 4) & 0x030C30C3u;
  return (x | x << 2) & 0x09249249u;
}

/// The cells cover the scene's box; points outside count to the outermost.
template <class T>
struct morton_kernel {
  tree_view<T> tree;
  view<const T> points;
  view<std::uint32_t> key;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    constexpr T last = T((1 << morton_bits) - 1);
    const T scale = *tree.size > T(0) ? (last + T(1)) / *tree.size : T(0);
    std::uint32_t k = 0;
    for (int a = 0; a < 3; ++a) {
      const T cell = (points(i, a) - tree.size[1 + a]) * scale;
      const T in = cell > T(0) ? (cell < last ? cell : last) : T(0);  // also where it is not a number
      k |= spread_bits(static_cast<std::uint32_t>(in)) << a;
    }
    key[i] = k;
  }
};

/// Kernel of one index: sorts by key, stable, in two passes by counting.
struct radix_sort_kernel {
  point_order o;

  DIFFAM_HOST_DEVICE void operator()(index_t) const {
    pass(
        0, [](index_t i) { return static_cast<stored_index>(i); }, o.before);
    pass(
        digit_bits, [b = o.before](index_t i) { return b[i]; }, o.order);
  }

 private:
  template <class From>
  DIFFAM_HOST_DEVICE void pass(int shift, const From& from, const view<stored_index>& to) const {
    constexpr std::uint32_t mask = (1u << digit_bits) - 1;
    for (index_t d = 0; d < o.count.rows; ++d) o.count[d] = 0;
    for (index_t i = 0; i < o.key.rows; ++i) ++o.count[o.key[i] >> shift & mask];
    std::uint32_t first = 0;
    for (index_t d = 0; d < o.count.rows; ++d) {
      const std::uint32_t n = o.count[d];
      o.count[d] = first;
      first += n;
    }
    for (index_t i = 0; i < o.key.rows; ++i) {
      const stored_index p = from(i);
      to[o.count[o.key[p] >> shift & mask]++] = p;
    }
  }
};

}  // namespace detail

inline point_order plan_point_order(arena& a, index_t n) {
  point_order o;
  o.order = a.take<stored_index>(n);
  o.key = a.take<std::uint32_t>(n);
  o.before = a.take<stored_index>(n);
  o.count = a.take<std::uint32_t>(index_t{1} << detail::digit_bits);
  return o;
}

template <class T, exec::policy Exec>
void order_points(const Exec& e, const tree_view<T>& tree, view<const T> points, const point_order& o) {
  e.for_each_index(points.rows, detail::morton_kernel<T>{tree, points, o.key});
  e.for_each_index(1, detail::radix_sort_kernel{o});
}

}  // namespace diffam
