// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Component: signed distance of N points to several meshes (Kim & Park 2024, sections 2.2 and 2.4). The input
// is the stacked vertices (V x 3). The output is N x 2: column 0 is the least signed distance min_m d_m(p),
// column 1 the overlap sum_{a < b} relu(-d_a(p)) relu(-d_b(p)).
//
// Each point needs one search for the closest face, and one inside test for each mesh whose box contains the
// point.
#pragma once

#include "diffam/core/flags.hpp"
#include "diffam/exec/branches.hpp"
#include "diffam/sdf/scene/kernels.hpp"

namespace diffam {

/// Component: stacked vertices (V x 3) -> least signed distance and overlap of each sample point (N x 2). The
/// constructor and `output_extent` throw `diffam::error` if a shape is wrong.
template <real T,                                 // scalar of vertices and distances
          exec::policy Exec,                      // execution policy
          sign_policy Sign = barnes_hut_winding,  // how a point is found to be inside or outside
          class Points = fixed_points<T>>         // source of the sample points, see points.hpp
class scene_distance {
  static_assert(points_policy<Points, T, Exec>, "diffam::scene_distance: Points is not a points policy");

 public:
  using scalar = T;
  using exec = Exec;

  struct params {
    Sign sign{};
    flag_word* flags = nullptr;  // receives the flags `overlap_exceeded` and `point_not_finite`; null: not
                                 // wanted
  };

  struct workspace {
    tree_storage<T> tree;
    point_search_memory<T> search;
    scene_record<T> record;        // closest faces and meshes of each point
    view<stored_index> keys;       // 12 N
    view<T> rows;                  // 12 N x 3
    view<std::byte> by_key;        // for the scatter
    view<vec<T, 2>> scratch;       // for the sum over N points
    view<vec<T, 2>> fault_counts;  // 1: number of points in more meshes than are kept (only the deepest
                                   // meshes count), and number of points without a distance
  };

  scene_distance(const mesh_stack& meshes, Points points, params p = {})
      : tree_(meshes, {.dipoles = Sign::needs_dipoles}), points_(std::move(points)), params_(p) {
    require_cols("scene_distance", "points", 3, points_.points().extent());
  }

  index_t point_count() const { return points_.points().rows; }
  /// The sample points of the latest forward (N x 3). The view is the same at every iteration.
  view<const T> points() const { return points_.points(); }
  const face_tree<T, Exec>& tree() const { return tree_; }
  /// See `face_tree::rebuild`.
  template <class U>
  void rebuild(view<U> vertices) {
    tree_.rebuild(vertices);
  }

  extent output_extent(extent in) const {
    require_extent("scene_distance", "vertices", {tree_.vertex_count(), 3}, in);
    return {point_count(), 2};
  }

  workspace plan(arena& a, extent in) const {
    (void)output_extent(in);
    const index_t n = point_count();
    workspace w;
    w.tree = tree_.plan(a);
    w.search = plan_point_search<T, Exec>(a, n);
    w.record.mesh = a.template take<stored_index>(n);
    w.record.inside = a.template take<stored_index>(n);
    w.record.face = a.template take<stored_index>(n, overlap_limit);
    w.record.distance = a.template take<T>(n, overlap_limit);
    w.record.bary = a.template take<T>(n, 3);
    w.record.direction = a.template take<T>(n, 3);
    w.keys = a.template take<stored_index>(3 * overlap_limit * n);
    w.rows = a.template take<T>(3 * overlap_limit * n, 3);
    w.by_key = a.template take<std::byte>(Exec::scatter_scratch(3 * overlap_limit * n, in.rows));
    w.scratch = a.template take<vec<T, 2>>(Exec::reduce_scratch(n));
    w.fault_counts = a.template take<vec<T, 2>>(1);
    return w;
  }

  void forward(const Exec& e, view<const T> x, view<T> y, workspace& w) const {
    diffam::exec::side_by_side(
        e, [&](const Exec& own) { points_.draw(own, x); },
        [&](const Exec& own) { tree_.refit(own, x, w.tree); });
    const tree_view<T> tree = tree_.queries(w.tree, x);
    search_points(e, tree, params_.sign, points_.points(), w.search,
                  scene_distance_kernel<T, Sign>{tree, params_.sign, points_.points(), Points::redrawn,
                                                 points_.drawn_from(), y, w.record});
    diffam::exec::later(e, [&](const Exec& own) {
      own.reduce(point_count(), scene_fault_term<T>{w.record}, w.fault_counts.data, w.scratch);
      if (params_.flags == nullptr) return;
      own.for_each_index(
          1, raise_flags_kernel<T, 2>{
                 w.fault_counts.data, {flag::overlap_exceeded, flag::point_not_finite}, params_.flags});
    });
  }

  void backward(const Exec& e, view<const T> x, view<const T> d_y, view<T> d_x, workspace& w) const {
    if (d_x.empty()) return;
    e.for_each_index(point_count(),
                     scene_distance_pullback_kernel<T>{tree_.queries(w.tree, x), points_.points(), d_y,
                                                       w.record, w.keys, w.rows});
    e.template scatter_add<T>(w.keys, w.rows, d_x, w.by_key);
  }

 private:
  face_tree<T, Exec> tree_;
  Points points_;
  params params_;
};

}  // namespace diffam
