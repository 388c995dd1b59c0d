// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Distances of points to a mesh in one call, without a component:
//
//     const auto d = diffam::signed_distance(vertices, faces, points);   // d.distance, d.face, d.point,
//     d.gradient
//
//     diffam::distance_query<double> query(vertices, faces);             // keeps the tree for many calls
//     query.signed_distance(points);
//     query.move(vertices);                                              // the same faces, other positions
//
// Vertices, faces and points are anything that core/rows.hpp accepts. A mesh that lies far from the origin
// (farther than its own size), or is very large or small, is moved and scaled in double
// (sdf/local_frame.hpp), so that float keeps its digits.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "diffam/core/rows.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/sdf/local_frame.hpp"
#include "diffam/sdf/query/kernels.hpp"
#include "diffam/sdf/search/point_block.hpp"
#include "diffam/sdf/tree/tree.hpp"

namespace diffam {

/// The answer for N points. A point that is not finite has the distance NaN and the face -1.
template <real T>
struct point_distances {
  std::vector<T> distance;         // signed: negative inside; or unsigned, see distance_query
  std::vector<stored_index> face;  // the closest face
  std::vector<vec3<T>> point;      // the closest point of the surface
  std::vector<vec3<T>> gradient;   // of the distance with respect to the point: a unit vector
};

/// The answer for N rays. A ray that meets nothing has an infinite t and the face -1.
template <real T>
struct ray_hits {
  std::vector<T> t;                            // the hit is at origin + t direction
  std::vector<stored_index> face;              // the face that is hit first
  std::vector<vec3<T>> bary;                   // the hit's weights of the corners of the face
  std::vector<vec3<T>> d_origin, d_direction;  // gradients of t; the corner with weight w has -w d_origin
};

/// A mesh with its tree, for many queries. One call at a time: calls share scratch memory.
template <real T = double,                        // scalar of distances; the tree's, too
          exec::policy Exec = exec::threads,      // policy whose memory is that of the host
          sign_policy Sign = barnes_hut_winding>  // how a point is found to be inside or outside
class distance_query {
  static_assert(std::is_same_v<typename Exec::memory, host_memory>,
                "diffam::distance_query: expected a policy of the host; on a GPU use mesh_distance");

 public:
  /// Copies vertices (V x 3) and faces (F x 3, vertex indices from 0). Throws `diffam::error` for a mesh
  /// without faces, a face that names no vertex, and a vertex that is not finite.
  template <row_source Vertices, row_source Faces>
  distance_query(const Vertices& vertices, const Faces& faces, Exec e = Exec(), Sign sign = Sign())
      : exec_(e),
        sign_(sign),
        tree_(checked_faces(rows_of(faces), rows_of(vertices).rows), rows_of(vertices).rows,
              {.dipoles = true, .dipole_errors = true}),
        vertices_(tree_.vertex_count(), 3) {
    load(rows_of(vertices));
    tree_.rebuild(vertices_.get());
    arena measuring;
    (void)tree_.plan(measuring);
    block_ = buffer<std::byte>(measuring.used());
    arena taken(block_.data(), block_.size());
    storage_ = tree_.plan(taken);
    refit();
  }
  template <real U>
  explicit distance_query(const triangle_mesh<U>& mesh, Exec e = Exec(), Sign sign = Sign())
      : distance_query(mesh.vertices, mesh.faces, e, sign) {}

  index_t vertex_count() const { return tree_.vertex_count(); }
  index_t face_count() const { return tree_.face_count(); }

  /// Moves the vertices (V x 3); the faces stay. Throws `diffam::error` for another number of vertices and
  /// for one that is not finite.
  template <row_source Vertices>
  void move(const Vertices& vertices) {
    load(rows_of(vertices));
    refit();
  }

  /// Signed distances of points (N x 3), with closest faces, closest points and gradients. With `out` of an
  /// earlier call no memory is allocated while the number of points does not grow.
  template <row_source Points>
  point_distances<T> signed_distance(const Points& points) {
    point_distances<T> out;
    signed_distance(points, out);
    return out;
  }
  template <row_source Points>
  void signed_distance(const Points& points, point_distances<T>& out) {
    search(points, sign_, out);
  }

  /// The same without signs, which takes less time: distances are not negative, and gradients point away from
  /// the surface.
  template <row_source Points>
  point_distances<T> closest_points(const Points& points) {
    point_distances<T> out;
    search(points, detail::always_outside{}, out);
    return out;
  }

  /// The first hits of rays from `origins` along `directions` (both N x 3) with t >= 0, with their gradients.
  /// Throws `diffam::error` if the numbers of rows differ.
  template <row_source Origins, row_source Directions>
  ray_hits<T> first_hits(const Origins& origins, const Directions& directions) {
    const auto along = rows_of(directions);
    const view<const T> from = local(rows_of(origins));
    if (along.rows != from.rows)
      throw error("distance_query: expected " + std::to_string(from.rows) + " directions, got " +
                  std::to_string(along.rows));
    const auto n = static_cast<std::size_t>(from.rows);
    ray_hits<T> out{std::vector<T>(n), std::vector<stored_index>(n), std::vector<vec3<T>>(n),
                    std::vector<vec3<T>>(n), std::vector<vec3<T>>(n)};
    exec_.for_each_index(from.rows,
                         detail::first_hit_kernel<T, row_scalar<Directions>>{
                             queries(), from, along, 1 / frame_.scale, out.t.data(), out.face.data(),
                             out.bary.data(), out.d_origin.data(), out.d_direction.data()},
                         64);
    return out;
  }

  /// Winding numbers of points (N x 3), each wrong by at most `error` (and rounding). Throws `diffam::error`
  /// if `error` is negative or NaN. 0: the sum of all faces.
  template <row_source Points>
  std::vector<T> winding_numbers(const Points& points, double error = 1e-3) {
    if (!(error >= 0))
      throw diffam::error("distance_query: expected an error of at least 0, got " + std::to_string(error));
    const view<const T> p = local(rows_of(points));
    std::vector<T> w(static_cast<std::size_t>(p.rows));
    exec_.for_each_index(
        p.rows, detail::winding_kernel<T>{queries(), p, static_cast<T>(error), {w.data(), p.rows}}, 64);
    return w;
  }

 private:
  template <class I>
  static std::vector<face> checked_faces(const strided_rows<I>& faces, index_t vertices) {
    static_assert(std::is_integral_v<I>, "diffam::distance_query: expected faces of whole numbers");
    std::vector<face> out(static_cast<std::size_t>(faces.rows));
    for (index_t f = 0; f < faces.rows; ++f)
      for (int k = 0; k < 3; ++k) {
        const I v = faces(f, k);
        if (std::cmp_less(v, 0) || std::cmp_greater_equal(v, vertices))
          throw error("distance_query: expected vertex indices from 0 to " + std::to_string(vertices - 1) +
                      ", got " + std::to_string(v) + " in face " + std::to_string(f));
        out[static_cast<std::size_t>(f)][k] = static_cast<stored_index>(v);
      }
    return out;
  }

  /// Copies the vertices to a frame of their own.
  template <class U>
  void load(const strided_rows<U>& x) {
    if (x.rows != vertex_count())
      throw error("distance_query: expected " + std::to_string(vertex_count()) + " vertices, got " +
                  std::to_string(x.rows));
    for (index_t v = 0; v < x.rows; ++v)
      for (int k = 0; k < 3; ++k)
        if (const auto at = static_cast<double>(x(v, k)); !std::isfinite(at))
          throw error("distance_query: expected finite vertices, got " + std::to_string(at) + " in vertex " +
                      std::to_string(v));
    frame_ = local_frame::of(x);
    frame_.local(x, vertices_.get());
  }
  void refit() { tree_.refit(exec_, vertices_.get(), storage_); }
  tree_view<T> queries() const { return tree_.queries(storage_, vertices_.get()); }

  /// The points in the frame of the tree: those of the caller if that is their frame, type and layout.
  template <class U>
  view<const T> local(const strided_rows<U>& x) {
    if constexpr (std::is_same_v<U, T>)
      if (x.packed() && frame_ == local_frame{}) return {x.data, x.rows, 3};
    if (points_.size() < 3 * x.rows) points_ = buffer<T>(x.rows, 3);
    const view<T> p{points_.data(), x.rows, 3};
    frame_.local(x, p);
    return p;
  }

  template <class Points, class SignOfCall>
  void search(const Points& points, const SignOfCall& sign, point_distances<T>& out) {
    const view<const T> p = local(rows_of(points));
    const auto n = static_cast<std::size_t>(p.rows);
    out.distance.resize(n), out.face.resize(n), out.point.resize(n), out.gradient.resize(n);
    if (n == 0) return;
    arena measuring;
    (void)plan_point_search<T, Exec>(measuring, p.rows);
    if (scratch_.size() < measuring.used()) scratch_ = buffer<std::byte>(measuring.used());
    arena taken(scratch_.data(), scratch_.size());
    const auto memory = plan_point_search<T, Exec>(taken, p.rows);
    const tree_view<T> tree = queries();
    search_points(exec_, tree, sign, p, memory,
                  detail::query_kernel<T>{tree, frame_.origin, frame_.scale, out.distance.data(),
                                          out.face.data(), out.point.data(), out.gradient.data()});
  }

  Exec exec_;
  Sign sign_;
  face_tree<T, Exec> tree_;
  buffer<T> vertices_, points_;
  buffer<std::byte> block_, scratch_;
  tree_storage<T> storage_;
  local_frame frame_;  // of the tree
};

namespace detail {
/// float for points of float, else double.
template <class Points>
using query_scalar = std::conditional_t<std::is_same_v<row_scalar<Points>, float>, float, double>;
}  // namespace detail

/// Signed distances of points (N x 3) to the mesh of vertices (V x 3) and faces (F x 3), in one call. Throws
/// as the constructor of `distance_query`.
template <row_source Vertices, row_source Faces, row_source Points>
auto signed_distance(const Vertices& vertices, const Faces& faces, const Points& points) {
  return distance_query<detail::query_scalar<Points>>(vertices, faces).signed_distance(points);
}
template <real U, row_source Points>
auto signed_distance(const triangle_mesh<U>& mesh, const Points& points) {
  return signed_distance(mesh.vertices, mesh.faces, points);
}

/// The closest points of the surface, with distances that are not signed.
template <row_source Vertices, row_source Faces, row_source Points>
auto closest_points(const Vertices& vertices, const Faces& faces, const Points& points) {
  return distance_query<detail::query_scalar<Points>>(vertices, faces).closest_points(points);
}
template <real U, row_source Points>
auto closest_points(const triangle_mesh<U>& mesh, const Points& points) {
  return closest_points(mesh.vertices, mesh.faces, points);
}

/// Winding numbers, each wrong by at most `error` (and rounding).
template <row_source Vertices, row_source Faces, row_source Points>
auto winding_numbers(const Vertices& vertices, const Faces& faces, const Points& points,
                     double error = 1e-3) {
  return distance_query<detail::query_scalar<Points>>(vertices, faces).winding_numbers(points, error);
}
template <real U, row_source Points>
auto winding_numbers(const triangle_mesh<U>& mesh, const Points& points, double error = 1e-3) {
  return winding_numbers(mesh.vertices, mesh.faces, points, error);
}

}  // namespace diffam
