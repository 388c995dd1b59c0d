// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// point_block.hpp's way for policies with blocks of threads: every closest face by eight threads of its own,
// then the signs of the points of a block together.
//
// A point whose empty ball meets a larger one takes that ball's winding numbers, which takes them from one
// larger still, and so on: numbers are computed for the balls alone that meet no larger one.
#pragma once

#include "diffam/exec/block.hpp"
#include "diffam/sdf/containing.hpp"
#include "diffam/sdf/point_order.hpp"

namespace diffam::detail {

/// The point that is k-th in order.
template <class T, class Write>
struct nearest_in_order_kernel {
  static constexpr int threads_per_index = lane_count;

  tree_view<T> tree;
  view<const T> points;
  view<const stored_index> order;
  Write write;  // says where to begin
  view<nearest_face<T>> nearest;

  DIFFAM_HOST_DEVICE void operator()(index_t k) const {
    const index_t i = order[k];
    const nearest_face<T> n = nearest_in_scene(tree, load3(points, i), write.hint(i));
    if (writes_for_lanes()) nearest[k] = n;
  }
};

/// Block b: signs of a block's points in order, handed to `Write` with their closest faces.
template <class T, class Sign, class Write>
struct point_region_block {
  static constexpr int threads = 128, most_points = 64;
  static_assert(most_points <= threads);

  tree_view<T> tree;
  Sign sign;
  view<const T> points;
  view<const stored_index> order;
  view<const nearest_face<T>> nearest;  // by order
  Write write;

  struct shared {
    vec3<T> at[most_points];
    T radius[most_points];              // of the empty ball; -1: none
    stored_index larger[most_points];   // the largest ball that it meets, or itself
    stored_index largest[most_points];  // the end of that chain
    stored_index asked[most_points];    // those that end chains: `asked_count`
    stored_index asked_count;
    containing_meshes region[most_points];  // of those
  };

  /// Of a block: few where there are few, so that no block has much to do and all multiprocessors have some.
  DIFFAM_HOST_DEVICE index_t points_of_block() const {
    return order.rows <= 16384 ? most_points / 2 : most_points;
  }
  index_t blocks() const { return exec::chunk_count(order.rows, points_of_block()); }
  index_t shared_bytes() const { return static_cast<index_t>(sizeof(shared)); }

  template <class Block>
  DIFFAM_HOST_DEVICE void operator()(const Block& block) const {
    shared& s = *reinterpret_cast<shared*>(block.memory());
    const index_t first = block.index() * points_of_block(), left = order.rows - first;
    const int n = static_cast<int>(left < points_of_block() ? left : points_of_block());
    block.phase([&](int k) {
      if (k >= n) return;
      using std::sqrt;
      s.at[k] = load3(points, order[first + k]);
      s.radius[k] = nearest[first + k].face < 0 ? T(-1) : sqrt(nearest[first + k].squared_distance);
    });
    block.phase([&](int k) {
      if (k < n) s.larger[k] = largest_met(s, k, n);
    });
    block.phase([&](int k) {
      if (k >= n) return;
      stored_index end = k, before = 0;
      while (s.larger[end] != end) end = s.larger[end];
      s.largest[k] = end;
      for (int other = 0; other < k; ++other) before += s.larger[other] == other ? 1 : 0;
      if (end == k) s.asked[before] = k;
      if (k == n - 1) s.asked_count = before + (end == k ? 1 : 0);
    });
    block.phase([&](int thread) {
      each_by_lanes(thread, s.asked_count, [&](int j) {
        const stored_index k = s.asked[j];
        const containing_meshes in = meshes_containing(tree, sign, s.at[k]);
        if (writes_for_lanes()) s.region[k] = in;
      });
    });
    block.phase([&](int thread) {
      each_by_lanes(thread, n, [&](int k) {
        write(order[first + k], s.at[k], nearest[first + k], s.region[s.largest[k]]);
      });
    });
  }

 private:
  /// f(0) ... f(count - 1), each by the threads of one index.
  template <class F>
  static DIFFAM_HOST_DEVICE void each_by_lanes(int thread, int count, const F& f) {
    if (thread % lane_count != first_own_lane()) return;  // not on a device: there all eight have a lane
    for (int j = thread / lane_count; j < count; j += threads / lane_count) f(j);
  }

  DIFFAM_HOST_DEVICE stored_index largest_met(const shared& s, int k, int n) const {
    if (!Sign::follows_winding || !tree.closed || s.radius[k] < T(0)) return k;
    const T margin = T(64) * rounding<T>() * *tree.size;  // distances are known no better
    stored_index best = k;
    for (int other = 0; other < n; ++other) {
      const T reach = (s.radius[other] + (s.radius[k] - margin)) * T(0.9999);
      const vec3<T> v = s.at[other] - s.at[k];
      const bool met = s.radius[other] >= T(0) && reach > T(0) && dot(v, v) < reach * reach;
      const bool larger =
          s.radius[other] > s.radius[best] || (s.radius[other] == s.radius[best] && other < best);
      best = met && larger ? other : best;
    }
    return best;
  }
};

}  // namespace diffam::detail
