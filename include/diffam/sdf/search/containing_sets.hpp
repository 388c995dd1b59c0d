// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The method of point_block.hpp for policies with thread blocks. The closest faces come first: 8 or 32
// threads search for one point, or a packet of 32 points searches together. Then the points of a block share
// their inside tests.
//
// If the empty ball of a point overlaps a larger ball, the point copies the winding numbers of that ball,
// which may in turn copy them from a larger one. Winding numbers are computed only for balls that overlap no
// larger one.
#pragma once

#include <type_traits>

#include "diffam/core/arena.hpp"
#include "diffam/exec/block.hpp"
#include "diffam/sdf/scene/containing.hpp"
#include "diffam/sdf/search/packets.hpp"
#include "diffam/sdf/search/point_order.hpp"

namespace diffam::detail {

/// Up to this number of points, a device has more threads than points.
inline constexpr index_t few_points = 16384;
inline constexpr int threads_of_few = 32, threads_of_many = lane_count;

/// Error bound for the radius of an empty ball, from rounding.
template <class T>
DIFFAM_HOST_DEVICE T ball_margin(T scene_size) {
  return T(64) * rounding<T>() * scene_size;
}

/// Finds the closest face of the point at place k of the order. `Threads` threads search for one point.
template <class T, class Write, int Threads>
struct nearest_in_order_kernel {
  static constexpr int threads_per_index = Threads;

  tree_view<T> tree;
  view<const T> points;
  view<const stored_index> order;
  Write write;  // gives the hints
  view<nearest_face<T>> nearest;

  DIFFAM_HOST_DEVICE void operator()(index_t k) const {
    const index_t i = order[k];
    const stored_index hint = write.hint(i);
    const nearest_face<T> n =
        nearest_in_scene<Threads>(tree, load3(points, i), hint >= 0 ? hint : write.source(i));
    if (writes_for_threads<Threads>()) nearest[k] = n;
  }
};

/// The same for many points: packets of 32 neighbouring points search together.
template <class T, class Write>
struct nearest_by_packets_block {
  static constexpr int threads = 128;

  tree_view<T> tree;
  view<const T> points;
  view<const stored_index> order;
  Write write;
  view<nearest_face<T>> nearest;

  index_t blocks() const { return exec::chunk_count(order.rows, threads); }
  index_t shared_bytes() const { return 0; }

  template <class Block>
  DIFFAM_HOST_DEVICE void operator()(const Block& block) const {
    using packet = packet_search<T>;
    block.phase([&](int t) {
#if !defined(__CUDA_ARCH__)
      if (t % packet::points != 0) return;  // on a device each thread has its own point
#endif
      const index_t first = block.index() * threads + t / packet::points * packet::points;
      packet search(tree);
      search.threads.each([&](int g) {
        const index_t k = first + g < order.rows ? first + g : order.rows - 1, i = order[k];
        search.start(g, load3(points, i), write.hint(i));
      });
      search.in_scene();
      search.threads.each([&](int g) {
        if (first + g < order.rows) nearest[first + g] = search.found(g);
      });
    });
  }
};

/// Finds, for each point of block b, the ball whose winding numbers the point takes. A block is a range of
/// the order.
template <class T>
struct largest_ball_block {
  static constexpr int most_points = 64, threads = most_points;

  const T* scene_diagonal;  // its length
  bool shared_by_balls;     // false: each point computes its own winding numbers
  view<const T> points;
  view<const stored_index> order;
  view<const nearest_face<T>> nearest;  // by place in the order
  view<stored_index> largest;           // by place in the order; the result

  struct alignas(exec::block_alignment) ball {
    vec3<T> at;
    T radius;  // -1: no ball
  };
  struct shared {
    ball balls[most_points];
    stored_index larger[most_points];  // by point: the largest ball that overlaps its own, or the point
                                       // itself
  };

  /// Points of a block: fewer if there are few points, so that all multiprocessors have work.
  DIFFAM_HOST_DEVICE index_t points_of_block() const {
    return order.rows <= few_points ? most_points / 2 : most_points;
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
      s.balls[k] = {load3(points, order[first + k]),
                    nearest[first + k].face < 0 ? T(-1) : sqrt(nearest[first + k].squared_distance)};
    });
    block.phase([&](int k) {
      if (k < n) s.larger[k] = largest_met(s, k, n);
    });
    block.phase([&](int k) {
      if (k >= n) return;
      stored_index end = k;
      while (s.larger[end] != end) end = s.larger[end];
      largest[first + k] = static_cast<stored_index>(first) + end;
    });
  }

 private:
  DIFFAM_HOST_DEVICE stored_index largest_met(const shared& s, int k, int n) const {
    const ball mine = s.balls[k];
    if (!shared_by_balls || mine.radius < T(0)) return k;
    const T margin = ball_margin(*scene_diagonal);
    stored_index best = k;
    T best_radius = mine.radius;
    for (int other = 0; other < n; ++other) {
      const ball b = s.balls[other];
      const T reach = (b.radius + (mine.radius - margin)) * T(0.9999);
      const vec3<T> v = b.at - mine.at;
      const bool met = b.radius >= T(0) && reach > T(0) && dot(v, v) < reach * reach;
      const bool larger = b.radius > best_radius || (b.radius == best_radius && other < best);
      best = met && larger ? other : best;
      best_radius = met && larger ? b.radius : best_radius;
    }
    return best;
  }
};

/// Finds the meshes that contain the point at place k, if this point computes its own winding numbers.
/// `Threads` threads share the work.
template <class T, class Sign, int Threads>
struct containing_set_kernel {
  static constexpr int threads_per_index = Threads;

  tree_view<T> tree;
  Sign sign;
  view<const T> points;
  view<const stored_index> order, largest;
  view<containing_meshes> containing;

  DIFFAM_HOST_DEVICE void operator()(index_t k) const {
    if (largest[k] != k) return;
    const containing_meshes in = meshes_containing<Threads / lane_count>(tree, sign, load3(points, order[k]));
    if (writes_for_threads<Threads>()) containing[k] = in;
  }
};

/// Calls `write` for the point at place k with the results of the kernels before. `Threads` threads share the
/// work if `write` has to search again.
template <class T, class Write, int Threads>
struct write_in_order_kernel {
  static constexpr int threads_per_index = Threads;
  static constexpr int resident_blocks = 5;  // 102 registers for each thread: no spills

  view<const T> points;
  view<const stored_index> order, largest;
  view<const nearest_face<T>> nearest;
  view<const containing_meshes> containing;
  Write write;

  DIFFAM_HOST_DEVICE void operator()(index_t k) const {
    const index_t i = order[k];
    write.template operator()<Threads>(i, load3(points, i), nearest[k], containing[largest[k]]);
  }
};

/// Memory of the search, by place in the order.
template <class T>
struct containing_sets_memory {
  view<nearest_face<T>> nearest;
  view<stored_index> largest;
  view<containing_meshes> containing;  // of the points that compute their own
};

template <class T>
containing_sets_memory<T> plan_containing_sets(arena& a, index_t n) {
  return {a.take<nearest_face<T>>(n), a.take<stored_index>(n), a.take<containing_meshes>(n)};
}

/// With more points than this for each mesh, the points of a packet lie near each other, so that packets are
/// faster (measured by `diffam_device_benchmarks search`).
inline constexpr index_t packed_points = 65536;

template <class T, class Exec, class Sign, class Write>
void search_with_containing_sets(const Exec& e, const tree_view<T>& tree, const Sign& sign,
                                 view<const T> points, view<const stored_index> order,
                                 const containing_sets_memory<T>& m, const Write& write) {
  const index_t n = points.rows;
  if (n > packed_points * tree.meshes) {
    const nearest_by_packets_block<T, Write> packets{tree, points, order, write, m.nearest};
    e.for_each_block(packets.blocks(), packets);
  } else if (n > few_points) {
    e.for_each_index(
        n, nearest_in_order_kernel<T, Write, threads_of_many>{tree, points, order, write, m.nearest});
  } else {
    e.for_each_index(
        n, nearest_in_order_kernel<T, Write, threads_of_few>{tree, points, order, write, m.nearest});
  }
  const largest_ball_block<T> balls{
      tree.scene_bounds, Sign::follows_winding && tree.closed, points, order, m.nearest, m.largest};
  e.for_each_block(balls.blocks(), balls);
  const auto signs = [&]<int Threads>(std::integral_constant<int, Threads>) {
    constexpr int writing = Write::searches_again ? Threads : 1;
    e.for_each_index(
        n, containing_set_kernel<T, Sign, Threads>{tree, sign, points, order, m.largest, m.containing});
    e.for_each_index(n, write_in_order_kernel<T, Write, writing>{points, order, m.largest, m.nearest,
                                                                 m.containing, write});
  };
  if (n > few_points)
    signs(std::integral_constant<int, threads_of_many>{});
  else
    signs(std::integral_constant<int, threads_of_few>{});
}

}  // namespace diffam::detail
