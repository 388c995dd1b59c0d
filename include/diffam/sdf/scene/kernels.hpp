// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Kernels of the distance to several meshes: they compute the least signed distance, and the overlap of the
// meshes that contain a point.
#pragma once

#include "diffam/sdf/mesh_distance.hpp"

namespace diffam {

/// Number of containing meshes that are kept for a point. The meshes in which the point lies deepest are
/// kept.
inline constexpr int overlap_limit = 4;

/// The values that forward keeps for backward. Slot 0 holds the mesh with the least signed distance.
template <class T>
struct scene_record {
  view<stored_index> mesh;    // N: the mesh of slot 0; -1 if the point is not finite
  view<stored_index> inside;  // N: number of meshes that contain the point
  view<stored_index> face;    // N x 4: the closest face in each kept mesh; -1: none
  view<T> distance;           // N x 4: to each kept mesh
  view<T> bary;               // N x 3: slot 0
  view<T> direction;          // N x 3: slot 0, dd/dp
};

/// Kernel of point i. If no mesh contains the point, it finds the closest face of all meshes. Else it finds
/// the closest face of each containing mesh.
template <class T, class Sign>
struct scene_distance_kernel {
  static constexpr int threads_per_index = lane_count;
  static constexpr bool searches_again = true;

  tree_view<T> tree;
  Sign sign;
  view<const T> points;
  bool redrawn;                         // new points at each forward: the previous closest faces are useless
                                        // as hints
  view<const stored_index> drawn_from;  // N: the face around which each point was drawn; empty: none
  view<T> y;                            // N x 2
  scene_record<T> record;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const vec3<T> p = load3(points, i);
    (*this)(i, p, nearest_in_scene(tree, p, hint(i)), meshes_containing(tree, sign, p));
  }

  /// The members below make this kernel the `Write` of a `point_block_kernel`.
  DIFFAM_HOST_DEVICE stored_index hint(index_t i) const {
    return redrawn ? stored_index{-1} : record.face(i, 0);
  }
  DIFFAM_HOST_DEVICE stored_index source(index_t i) const {
    return drawn_from.empty() ? stored_index{-1} : drawn_from[i];
  }
  template <int Threads = lane_count>
  DIFFAM_HOST_DEVICE void operator()(index_t i, const vec3<T>& p, const nearest_face<T>& n,
                                     const containing_meshes& in) const {
    const bool listed = in.count <= containing_meshes::limit;  // else every mesh is tested again
    const stored_index candidates = listed ? in.count : tree.meshes;
    nearest_face<T> kept[overlap_limit];
    int count = 0;
    for (stored_index c = 0; c < candidates; ++c) {
      const stored_index mesh = listed ? in.mesh[c] : c;
      if (!listed && !(tree.box_contains(mesh, p) && sign.inside(tree, mesh, p))) continue;
      const bool same = n.face >= tree.first_face[mesh] && n.face < tree.first_face[mesh + 1];
      count = keep(same ? n : nearest_in_mesh<Threads>(tree, mesh, p), kept, count);
    }
    if (count == 0) kept[0] = n;
    write<Threads>(i, kept, count, in.count);
  }

 private:
  template <int Threads>
  DIFFAM_HOST_DEVICE void write(index_t i, const nearest_face<T>* kept, int count,
                                stored_index inside) const {
    if (!writes_for_threads<Threads>()) return;
    const auto first = detail::sign_nearest(tree, kept[0], count > 0);
    store3(record.bary, i, first.bary);
    store3(record.direction, i, first.direction);
    record.mesh[i] = first.face < 0 ? -1 : tree.mesh_of(first.face);
    record.inside[i] = inside;
    for (int k = 0; k < overlap_limit; ++k) {
      record.face(i, k) = k < count || k == 0 ? kept[k].face : -1;
      record.distance(i, k) = k == 0 ? first.distance : k < count ? depth(kept[k]) : T(0);
    }
    y(i, 0) = first.distance;
    y(i, 1) = overlap(i, count);
  }

  /// Inserts `n` into the list of kept meshes, deepest first. Meshes of equal depth keep their order.
  static DIFFAM_HOST_DEVICE int keep(const nearest_face<T>& n, nearest_face<T>* kept, int count) {
    int at = count;
    while (at > 0 && kept[at - 1].squared_distance < n.squared_distance) --at;
    if (at == overlap_limit) return count;
    for (int k = count < overlap_limit ? count : overlap_limit - 1; k > at; --k) kept[k] = kept[k - 1];
    kept[at] = n;
    return count < overlap_limit ? count + 1 : count;
  }

  static DIFFAM_HOST_DEVICE T depth(const nearest_face<T>& n) {
    using std::sqrt;
    return -sqrt(n.squared_distance);
  }

  /// The sum, over all pairs of kept meshes, of the product of the two depths.
  DIFFAM_HOST_DEVICE T overlap(index_t i, int count) const {
    T sum = 0;
    for (int a = 0; a < count; ++a)
      for (int b = a + 1; b < count; ++b) sum += record.distance(i, a) * record.distance(i, b);
    return sum;
  }
};

/// Backward: d y_0 / d d_0 = 1, and d y_1 / d d_a is the sum of the (negative) distances of the other kept
/// meshes.
template <class T>
struct scene_distance_pullback_kernel {
  static constexpr int resident_blocks = 5;  // 102 registers for each thread: no spills

  tree_view<T> tree;
  view<const T> points;
  view<const T> d_y;  // N x 2
  scene_record<T> record;
  view<stored_index> keys;  // 12 N: all points of slot 0, then of slot 1, ...
  view<T> rows;             // 12 N x 3

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const index_t n = points.rows;
    detail::prefetch_face(tree, view<const stored_index>(record.face), i);
    T all = 0;
    if (record.inside[i] > 1)
      for (int k = 0; k < overlap_limit; ++k) all += record.distance(i, k);
    for (int k = 0; k < overlap_limit; ++k) {
      const stored_index f = record.face(i, k);
      T d = k == 0 ? d_y(i, 0) : T(0);
      if (record.inside[i] > 1) d += d_y(i, 1) * (all - record.distance(i, k));
      vec3<T> bary = load3(view<const T>(record.bary), i),
              direction = load3(view<const T>(record.direction), i);
      if (k > 0 && f >= 0) {
        const auto s = detail::sign_nearest(tree, {tree.closest_on(f, load3(points, i)), f}, true);
        bary = s.bary, direction = s.direction;
      }
      detail::push_pullback(tree, f, bary, direction, d, 3 * (k * n + i), keys, rows);
    }
  }
};

/// Two counts of point i: 1 if more meshes contain the point than are kept, and 1 if the point has no
/// distance.
template <class T>
struct scene_fault_term {
  scene_record<T> record;
  DIFFAM_HOST_DEVICE vec<T, 2> operator()(index_t i) const {
    return {record.inside[i] > overlap_limit ? T(1) : T(0), record.mesh[i] < 0 ? T(1) : T(0)};
  }
};

}  // namespace diffam
