// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Closest faces and signs of a block of neighbouring points.
//
// Each point has an empty ball: its radius is the distance to the nearest surface, so no surface enters the
// ball. The winding number of a closed mesh is constant inside the ball. If the empty balls of two points
// overlap, both points have the same winding numbers. Therefore only few points of a block need to compute
// winding numbers, and the others copy them from a neighbour. The result is as exact as the winding numbers
// themselves, also with self-intersections.
#pragma once

#include "diffam/sdf/search/containing_sets.hpp"

namespace diffam {

/// Number of points of a block: enough points for shared balls, few enough for the first-level cache.
inline constexpr int block_points = 128;

namespace detail {

/// The empty balls of points whose containing meshes are known.
template <class T>
struct empty_balls {
  alignas(64) T at[3][block_points];
  alignas(64) T radius[block_points];
  stored_index set[block_points];  // index of its containing meshes
  int count = 0;

  DIFFAM_HOST_DEVICE empty_balls() {
    for (int k = 0; k < block_points; ++k) radius[k] = T(-1);
  }

  /// The set of a ball that overlaps the ball (p, r), or -1. The latest balls are tried first.
  DIFFAM_LANE_OP stored_index find(const vec3<T>& p, T r, T margin) const {
    const lane_vector<T> zero(T(0)), mine(r - margin), close(T(0.9999));
    const vec3_lanes<T> here = vec3_lanes<T>::same(p);
    for (int k = (count - 1) / lane_count * lane_count; k >= 0; k -= lane_count) {
      const vec3_lanes<T> v = vec3_lanes<T>{lane_vector<T>::load(at[0] + k), lane_vector<T>::load(at[1] + k),
                                            lane_vector<T>::load(at[2] + k)} -
                              here;
      const lane_vector<T> theirs = lane_vector<T>::load(radius + k);
      const lane_vector<T> reach = most(select(zero <= theirs, (theirs + mine) * close, zero), zero);
      const lane_set met = to_set(dot(v, v) < reach * reach);
      if (met != 0) return set[k + first_lane(met)];
    }
    return -1;
  }

  DIFFAM_LANE_OP void add(const vec3<T>& p, T r, stored_index which) {
    for (int k = 0; k < 3; ++k) at[k][count] = p[k];
    radius[count] = r;
    set[count++] = which;
  }
};

}  // namespace detail

namespace detail {

/// Calls `each` in the given order, so that neighbouring threads take neighbouring points.
template <class Each>
struct in_order_kernel {
  static constexpr int threads_per_index = Each::threads_per_index;

  view<const stored_index> order;
  Each each;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const { each(order[i]); }
};

}  // namespace detail

/// Kernel of block b. For each point it finds the closest face of all meshes and the meshes that contain the
/// point, and calls write(i, p, nearest, containing).
template <class T, class Sign, class Write>
struct point_block_kernel {
  tree_view<T> tree;
  Sign sign;
  view<const T> points;
  view<const stored_index> order;
  Write write;  // `write.hint(i)` is a face at which to begin, or -1

  static constexpr int interleaved = 4;  // number of points that search for their first leaf at the same time
  static_assert(block_points % interleaved == 0);

  DIFFAM_HOST_DEVICE void operator()(index_t b) const {
    using std::sqrt;
    const index_t first = b * block_points;
    const int n = static_cast<int>(order.rows - first < block_points ? order.rows - first : block_points);
    nearest_face<T> nearest[block_points];
    vec3<T> p[block_points];
    T radius[block_points], sum = 0;
    stored_index latest = -1;
    for (int k = 0; k < n; ++k) p[k] = load3(points, order[first + k]);
    for (int k = n; k % interleaved != 0; ++k) p[k] = p[n - 1];
    for (int begin = 0; begin < n; begin += interleaved) {
      stored_index leaf[interleaved];
      detail::first_leaves<interleaved>(tree, p + begin, leaf);
      for (int k = begin; k < begin + interleaved && k < n; ++k) {
        const stored_index own = write.hint(order[first + k]);
        nearest[k] = detail::search_scene_from(tree, p[k], leaf[k - begin], own >= 0 ? own : latest);
        latest = nearest[k].face;
        radius[k] = sqrt(nearest[k].squared_distance);
        sum += radius[k];
      }
    }
    detail::empty_balls<T> known;
    containing_meshes sets[block_points];
    stored_index set_count = 0;
    const T margin = detail::ball_margin(tree.scene_diagonal());
    const T large = sum / static_cast<T>(n);
    for (int pass = 0; pass < 2; ++pass)  // large balls first, because they overlap the most others
      for (int k = 0; k < n; ++k) {
        if ((radius[k] >= large) != (pass == 0)) continue;
        const index_t i = order[first + k];
        stored_index set = Sign::follows_winding && tree.closed ? known.find(p[k], radius[k], margin) : -1;
        if (set < 0) {
          set = set_count++;
          sets[set] = meshes_containing(tree, sign, p[k]);
        }
        if (nearest[k].face >= 0) known.add(p[k], radius[k], set);
        write(i, p[k], nearest[k], sets[set]);
      }
  }
};

/// Memory of a search for many points.
template <class T>
struct point_search_memory {
  point_order order;
  detail::containing_sets_memory<T> sets;  // used if the policy has thread blocks
};

template <class T, exec::policy Exec>
point_search_memory<T> plan_point_search(arena& a, index_t n) {
  point_search_memory<T> m{plan_point_order<Exec>(a, n), {}};
  if (exec::has_blocks<Exec>) m.sets = detail::plan_containing_sets<T>(a, n);
  return m;
}

/// Calls `each` (a `Write`, see `point_block_kernel`) for all points, in Morton order. There are three ways
/// with the same results: by thread blocks if the policy has them; else by blocks of points in host memory;
/// else each(i), point by point.
template <class T, exec::policy Exec, class Sign, class Each>
void search_points(const Exec& e, const tree_view<T>& tree, const Sign& sign, view<const T> points,
                   const point_search_memory<T>& memory, const Each& each) {
  order_points(e, tree, points, memory.order);
  const view<const stored_index> order = memory.order.points;
  if constexpr (exec::has_blocks<Exec>) {
    detail::search_with_containing_sets(e, tree, sign, points, order, memory.sets, each);
  } else if constexpr (std::is_same_v<typename Exec::memory, host_memory>) {
    e.for_each_index(exec::chunk_count(points.rows, block_points),
                     point_block_kernel<T, Sign, Each>{tree, sign, points, order, each}, 1);
  } else {
    e.for_each_index(points.rows, detail::in_order_kernel<Each>{order, each}, 64);
  }
}

}  // namespace diffam
