// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Normals policies of `normal_loss`: the normal at a point of the surface, n = normalized(direction).
//
//     face_normals     direction = the area vector of the face
//     smooth_normals   direction = barycentric mean of the angle-weighted vertex normals
//                      (the choice of the paper's authors)
//
// In forward a policy computes the direction. In backward it propagates the gradients of the direction and of
// the position q = sum_k bary_k v_k to the vertices.
#pragma once

#include <vector>

#include "diffam/loss/surface_samples.hpp"
#include "diffam/mesh/normals.hpp"

namespace diffam {

/// The gradients that a loss passes to the backward of a normals policy, and scratch for it.
template <class T>
struct place_gradients {
  surface_points<T> points;
  view<T> d_direction;      // M x 3
  view<T> d_position;       // M x 3
  view<stored_index> keys;  // 3 M: vertex of each face corner
  view<T> rows;             // 3 M x 3: scratch, one row for each face corner
  view<std::byte> scratch;  // for the scatter
  view<const T> scale;      // 1: factor of the stored gradients
  view<const T> d_loss;     // 1: another factor
};

/// rows(3 i + k) = scale bary_k gradient_i.
template <class T>
struct spread_to_corners_kernel {
  view<const T> bary, gradient, scale, d_loss;
  view<T> rows;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const vec3<T> g = load3(gradient, i) * (scale[0] * d_loss[0]);
    for (int k = 0; k < 3; ++k) store3(rows, 3 * i + k, g * bary(i, k));
  }
};

/// Normals policy: each face has one normal.
struct face_normals {
  /// The direction at a point of face f.
  template <class T>
  struct reader {
    view<const face> faces;
    view<const T> vertices;  // V x 3
    DIFFAM_HOST_DEVICE vec3<T> operator()(index_t f, const vec3<T>&) const {
      const face& t = faces[f];
      return area_vector(load3(vertices, t[0]), load3(vertices, t[1]), load3(vertices, t[2]));
    }
  };

  /// Writes the gradients of direction and position of sample i with respect to the corners of its face.
  template <class T>
  struct corner_kernel {
    view<const face> faces;
    view<const T> vertices;
    place_gradients<T> g;
    DIFFAM_HOST_DEVICE void operator()(index_t i) const {
      const face& t = faces[g.points.face[i]];
      const T s = g.scale[0] * g.d_loss[0];
      const vec3<T> d_position = load3(g.d_position, i) * s;
      const corner_gradients<T> d = area_vector_pullback(load3(vertices, t[0]), load3(vertices, t[1]),
                                                         load3(vertices, t[2]), load3(g.d_direction, i) * s);
      for (int k = 0; k < 3; ++k) store3(g.rows, 3 * i + k, d.d_corner[k] + d_position * g.points.bary(i, k));
    }
  };

  template <real T, exec::policy Exec>
  class bound {
   public:
    struct workspace {};

    bound(const std::vector<face>& faces, index_t vertex_count) : vertex_count_(vertex_count) {
      require_indices("face_normals", faces, vertex_count);
      faces_ = upload_vector<typename Exec::memory>(faces);
    }
    index_t vertex_count() const { return vertex_count_; }
    view<const face> faces() const { return faces_.get(); }

    workspace plan(arena&) const { return {}; }
    reader<T> prepare(const Exec&, view<const T> vertices, workspace&) const { return {faces(), vertices}; }
    void backward(const Exec& e, view<const T> vertices, const place_gradients<T>& g, view<T> d_vertices,
                  workspace&) const {
      e.for_each_index(g.points.face.rows, corner_kernel<T>{faces(), vertices, g});
      e.template scatter_add<T>(g.keys, g.rows, d_vertices, g.scratch);
    }

   private:
    index_t vertex_count_;
    buffer<face, typename Exec::memory> faces_;
  };
};

/// Normals policy: vertex normals, interpolated within each face.
struct smooth_normals {
  /// The direction at a point of face f.
  template <class T>
  struct reader {
    view<const face> faces;
    view<const T> normals;  // V x 3
    DIFFAM_HOST_DEVICE vec3<T> operator()(index_t f, const vec3<T>& bary) const {
      return surface_point(normals, faces[f], bary);
    }
  };

  template <real T, exec::policy Exec>
  class bound {
   public:
    struct workspace {
      view<T> normals, d_normals;  // V x 3
      typename vertex_normals<T, Exec>::workspace component;
    };

    bound(const std::vector<face>& faces, index_t vertex_count) : normals_(faces, vertex_count) {}
    index_t vertex_count() const { return normals_.tables().vertex_count(); }
    view<const face> faces() const { return normals_.tables().faces(); }

    workspace plan(arena& a) const {
      const extent all{vertex_count(), 3};
      return {a.take<T>(all.rows, 3), a.take<T>(all.rows, 3), normals_.plan(a, all)};
    }
    reader<T> prepare(const Exec& e, view<const T> vertices, workspace& w) const {
      normals_.forward(e, vertices, w.normals, w.component);
      return {faces(), w.normals};
    }
    void backward(const Exec& e, view<const T> vertices, const place_gradients<T>& g, view<T> d_vertices,
                  workspace& w) const {
      const index_t n = g.points.face.rows;
      e.fill(w.d_normals, T(0));
      e.for_each_index(n,
                       spread_to_corners_kernel<T>{g.points.bary, g.d_direction, g.scale, g.d_loss, g.rows});
      e.template scatter_add<T>(g.keys, g.rows, w.d_normals, g.scratch);
      normals_.backward(e, vertices, w.d_normals, d_vertices, w.component);
      e.for_each_index(n,
                       spread_to_corners_kernel<T>{g.points.bary, g.d_position, g.scale, g.d_loss, g.rows});
      e.template scatter_add<T>(g.keys, g.rows, d_vertices, g.scratch, true);
    }

   private:
    vertex_normals<T, Exec> normals_;
  };
};

}  // namespace diffam
