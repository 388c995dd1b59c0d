// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Component: signed distance of N points to one mesh (Kim & Park 2024, section 2.2), negative inside. The
// input is the vertices (V x 3), the output the distances (N x 1). Let p* be the closest point and w_i its
// barycentric weights:
//     dd/dp = sign(d) (p - p*) / |p - p*|,   dd/dv_i = -w_i dd/dp.
#pragma once

#include <utility>

#include "diffam/component/component.hpp"
#include "diffam/core/flags.hpp"
#include "diffam/exec/branches.hpp"
#include "diffam/sdf/points.hpp"
#include "diffam/sdf/search/point_block.hpp"
#include "diffam/sdf/tree/tree.hpp"

namespace diffam {

namespace detail {

/// The distance of a point to one mesh, and the values that backward needs.
template <class T>
struct signed_nearest {
  T distance;
  stored_index face;
  vec3<T> bary, direction;  // `direction` is dd/dp
};

template <class T>
DIFFAM_HOST_DEVICE signed_nearest<T> sign_nearest(const tree_view<T>& tree, const nearest_face<T>& n,
                                                  bool inside) {
  using std::sqrt;
  if (n.face < 0) {  // p or a vertex is not finite: then the distance is NaN
    constexpr T infinite = infinity<T>();
    return {infinite - infinite, -1, {}, {}};
  }
  const T sign = inside ? T(-1) : T(1);
  return {sign * sqrt(n.squared_distance), n.face, n.bary,
          distance_direction(n.offset, sign, tree.surface_rounding(),
                             [&] { return pseudo_normal::normal(tree, n.face, n.feature); })};
}

/// Prefetches the closest face of the point that comes `face_prefetch_distance` later. The closest faces of
/// consecutive points can lie far apart in memory.
inline constexpr index_t face_prefetch_distance = 8;
template <class T>
DIFFAM_HOST_DEVICE void prefetch_face(const tree_view<T>& tree, const view<const stored_index>& closest,
                                      index_t i) {
  if (i + face_prefetch_distance < closest.rows && closest(i + face_prefetch_distance, 0) >= 0)
    prefetch(&tree.faces[closest(i + face_prefetch_distance, 0)]);
}

/// Writes the gradients of one distance with respect to the three vertices of face f, for the scatter. A key
/// of -1 means that there is no face.
template <class T>
DIFFAM_HOST_DEVICE void push_pullback(const tree_view<T>& tree, stored_index f, const vec3<T>& bary,
                                      const vec3<T>& direction, T d_distance, index_t row,
                                      const view<stored_index>& keys, const view<T>& rows) {
  for (int k = 0; k < 3; ++k) {
    keys[row + k] = f < 0 ? -1 : tree.faces[f][k];
    if (f >= 0) store3(rows, row + k, distance_pullback(direction, bary[k], d_distance));
  }
}

}  // namespace detail

/// Kernel of point i: writes the signed distance, the closest face and the values that backward needs.
template <class T, class Sign>
struct mesh_distance_kernel {
  static constexpr int threads_per_index = lane_count;
  static constexpr bool searches_again = false;

  tree_view<T> tree;
  Sign sign;
  view<const T> points;
  view<T> distance;
  view<stored_index> face;
  view<T> bary, direction;

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const vec3<T> p = load3(points, i);
    write<lane_count>(i, nearest_in_mesh(tree, stored_index{0}, p, hint(i)),
                      tree.box_contains(0, p) && sign.inside(tree, stored_index{0}, p));
  }

  /// The members below make this kernel the `Write` of a `point_block_kernel`.
  DIFFAM_HOST_DEVICE stored_index hint(index_t i) const { return face[i]; }
  DIFFAM_HOST_DEVICE stored_index source(index_t) const { return -1; }
  template <int Threads = lane_count>
  DIFFAM_HOST_DEVICE void operator()(index_t i, const vec3<T>&, const nearest_face<T>& n,
                                     const containing_meshes& in) const {
    write<Threads>(i, n, in.count > 0);
  }

 private:
  template <int Threads>
  DIFFAM_HOST_DEVICE void write(index_t i, const nearest_face<T>& n, bool inside) const {
    if (!writes_for_threads<Threads>()) return;
    const detail::signed_nearest<T> s = detail::sign_nearest(tree, n, inside);
    distance[i] = s.distance;
    face[i] = s.face;
    store3(bary, i, s.bary);
    store3(direction, i, s.direction);
  }
};

/// 1 if point i has no distance, because the point or a vertex is not finite.
template <class T>
struct no_distance_term {
  view<const stored_index> face;
  DIFFAM_HOST_DEVICE vec<T, 1> operator()(index_t i) const { return {face[i] < 0 ? T(1) : T(0)}; }
};

template <class T>
struct mesh_distance_pullback_kernel {
  tree_view<T> tree;
  view<const T> d_distance;
  view<const stored_index> face;
  view<const T> bary, direction;
  view<stored_index> keys;
  view<T> rows;
  view<T> d_points;  // the kernel adds to it; empty: not wanted

  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const vec3<T> n = load3(direction, i);
    if (!d_points.empty()) add3(d_points, i, n * d_distance[i]);
    if (keys.empty()) return;
    detail::prefetch_face(tree, face, i);
    detail::push_pullback(tree, face[i], load3(bary, i), n, d_distance[i], 3 * i, keys, rows);
  }
};

/// Component: vertices (V x 3) -> signed distances of fixed points (N x 1), negative inside. The faces and
/// the points are given at construction. `output_extent` throws `diffam::error` if the shape of the vertices
/// is wrong.
template <real T,                                 // scalar of vertices and distances
          exec::policy Exec,                      // execution policy
          sign_policy Sign = barnes_hut_winding>  // how a point is found to be inside or outside
class mesh_distance {
 public:
  using scalar = T;
  using exec = Exec;

  struct params {
    Sign sign{};
    view<T> d_points{};          // N x 3: backward adds the gradient of the points; empty: not wanted
    flag_word* flags = nullptr;  // receives the flag `point_not_finite`; null: not wanted
  };

  struct workspace {
    tree_storage<T> tree;
    point_search_memory<T> search;
    view<stored_index> face;  // N: the closest face; also the hint of the next forward, so any initial value
                              // will do
    view<T> bary;             // N x 3: barycentric weights of the closest point
    view<T> direction;        // N x 3: dd/dp
    view<stored_index> keys;  // 3 N
    view<T> rows;             // 3 N x 3
    view<std::byte> scratch;  // for the scatter
    view<vec<T, 1>> counted;  // for the sum over N points; empty without flags, like the next
    view<vec<T, 1>> faults;   // 1: number of points without a distance
  };

  /// `points` (N x 3) belong to the caller and may move between iterations. The vertices may be any number
  /// that has all those that the faces name. Throws `diffam::error` if a shape is wrong.
  mesh_distance(const std::vector<face>& faces, view<const T> points, params p = {})
      : mesh_distance(tree_type(faces, vertices_named(faces), {.dipoles = Sign::needs_dipoles}), points, p) {
    more_vertices_ = true;
  }

  /// The same. It also orders the faces in the leaves by the positions of `mesh`, which makes the search a
  /// little faster.
  template <real U>
  mesh_distance(const triangle_mesh<U>& mesh, view<const T> points, params p = {})
      : mesh_distance(tree_type(mesh.faces, mesh.vertex_count(), {.dipoles = Sign::needs_dipoles}), points,
                      p) {
    tree_.rebuild(vertex_buffer<T>(mesh).get());
  }

  index_t point_count() const { return points_.rows; }
  const face_tree<T, Exec>& tree() const { return tree_; }
  /// See `face_tree::rebuild`.
  void rebuild(view<const T> vertices) { tree_.rebuild(named(vertices)); }

  extent output_extent(extent in) const {
    const bool more = more_vertices_ && in.rows > tree_.vertex_count();
    require_extent("mesh_distance", "vertices", {more ? in.rows : tree_.vertex_count(), 3}, in);
    return {point_count(), 1};
  }

  workspace plan(arena& a, extent in) const {
    (void)output_extent(in);
    const index_t n = point_count();
    workspace w;
    w.tree = tree_.plan(a);
    w.search = plan_point_search<T, Exec>(a, n);
    w.face = a.template take<stored_index>(n);
    w.bary = a.template take<T>(n, 3);
    w.direction = a.template take<T>(n, 3);
    w.keys = a.template take<stored_index>(3 * n);
    w.rows = a.template take<T>(3 * n, 3);
    w.scratch = a.template take<std::byte>(Exec::scatter_scratch(3 * n, in.rows));
    if (params_.flags != nullptr) {
      w.counted = a.template take<vec<T, 1>>(Exec::reduce_scratch(n));
      w.faults = a.template take<vec<T, 1>>(1);
    }
    return w;
  }

  void forward(const Exec& e, view<const T> x, view<T> y, workspace& w) const {
    tree_.refit(e, x, w.tree);
    const tree_view<T> tree = tree_.queries(w.tree, x);
    search_points(e, tree, params_.sign, points_, w.search,
                  mesh_distance_kernel<T, Sign>{tree, params_.sign, points_, y, w.face, w.bary, w.direction});
    if (params_.flags == nullptr) return;
    diffam::exec::later(e, [&](const Exec& own) {
      own.reduce(point_count(), no_distance_term<T>{w.face}, w.faults.data, w.counted);
      own.for_each_index(1, raise_flags_kernel<T, 1>{w.faults.data, {flag::point_not_finite}, params_.flags});
    });
  }

  void backward(const Exec& e, view<const T> x, view<const T> d_y, view<T> d_x, workspace& w) const {
    const bool wanted = !d_x.empty();
    e.for_each_index(point_count(), mesh_distance_pullback_kernel<T>{
                                        tree_.queries(w.tree, x), d_y, w.face, w.bary, w.direction,
                                        wanted ? w.keys : view<stored_index>{}, w.rows, params_.d_points});
    if (wanted) e.template scatter_add<T>(w.keys, w.rows, d_x, w.scratch);
  }

 private:
  using tree_type = face_tree<T, Exec>;

  mesh_distance(tree_type tree, view<const T> points, params p)
      : tree_(std::move(tree)), points_(points), params_(p) {
    require_cols("mesh_distance", "points", 3, points.extent());
    if (!p.d_points.empty())
      require_extent("mesh_distance", "the points' gradient", points.extent(), p.d_points.extent());
  }

  static index_t vertices_named(const std::vector<face>& faces) {
    stored_index most = -1;
    for (const face& f : faces)
      for (int k = 0; k < 3; ++k) most = std::max(most, f[k]);
    return index_t{most} + 1;
  }

  view<const T> named(view<const T> vertices) const {
    const bool more = more_vertices_ && vertices.rows > tree_.vertex_count();
    return more ? vertices.rows_from(0, tree_.vertex_count()) : vertices;
  }

  tree_type tree_;
  view<const T> points_;
  params params_;
  bool more_vertices_ = false;  // vertices that no face names may follow
};

}  // namespace diffam
