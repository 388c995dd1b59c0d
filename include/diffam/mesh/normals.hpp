// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Angle-weighted vertex normals as a component: vertices V x 3 -> unit normals V x 3. Formulas in
// mesh/normal_formulas.hpp. A vertex without a face with area gets the zero vector.
#pragma once

#include "diffam/component/component.hpp"
#include "diffam/mesh/normal_formulas.hpp"
#include "diffam/mesh/topology.hpp"

namespace diffam {

/// Unit normal and corner angles of face f.
template <class T>
struct face_frame_kernel {
  view<const face> faces;
  view<const T> vertices;  // V x 3
  view<T> frames;          // F x 6: unit normal, three corner angles
  DIFFAM_HOST_DEVICE void operator()(index_t f) const {
    const face& t = faces[f];
    const face_frame<T> frame =
        make_face_frame(load3(vertices, t[0]), load3(vertices, t[1]), load3(vertices, t[2]));
    T* to = frames.row(f);
    for (int k = 0; k < 3; ++k) to[k] = frame.normal[k], to[3 + k] = frame.angle[k];
  }
};

/// Sum of angle times face normal over the corners of vertex v, and its direction.
template <class T>
struct vertex_normal_kernel {
  corner_view corners;
  view<const T> frames;  // F x 6
  view<T> sums;          // V x 3
  view<T> normals;       // V x 3, written
  DIFFAM_HOST_DEVICE void operator()(index_t v) const {
    vec3<T> sum{};
    for (stored_index i = corners.first[v]; i < corners.first[v + 1]; ++i) {
      const stored_index c = corners.corner[i];
      const T* frame = frames.row(c / 3);
      sum += vec3<T>{frame[0], frame[1], frame[2]} * frame[3 + c % 3];
    }
    store3(sums, v, sum);
    store3(normals, v, normalized(sum));
  }
};

/// Pullback of the normalisation at vertex v.
template <class T>
struct vertex_normal_sum_pullback_kernel {
  view<const T> sums, d_normals;  // V x 3
  view<T> d_sums;                 // V x 3, written
  DIFFAM_HOST_DEVICE void operator()(index_t v) const {
    store3(d_sums, v, normalized_pullback(load3(sums, v), load3(d_normals, v)));
  }
};

/// Pullback of face f's contributions to its three vertices.
template <class T>
struct face_frame_pullback_kernel {
  view<const face> faces;
  view<const T> vertices, frames, d_sums;  // V x 3, F x 6, V x 3
  view<T> d_corners;                       // 3 F x 3, written
  DIFFAM_HOST_DEVICE void operator()(index_t f) const {
    const face& t = faces[f];
    const T* r = frames.row(f);
    const face_frame<T> frame{{r[0], r[1], r[2]}, {r[3], r[4], r[5]}};
    const vec3<T> g[3] = {load3(d_sums, t[0]), load3(d_sums, t[1]), load3(d_sums, t[2])};
    const corner_gradients<T> d =
        face_frame_pullback(load3(vertices, t[0]), load3(vertices, t[1]), load3(vertices, t[2]), frame, g);
    for (int k = 0; k < 3; ++k) store3(d_corners, 3 * f + k, d.d_corner[k]);
  }
};

template <real T,             // scalar
          exec::policy Exec>  // execution policy
class vertex_normals {
 public:
  using scalar = T;
  using exec = Exec;

  struct workspace {
    view<T> frames;     // F x 6
    view<T> sums;       // V x 3
    view<T> d_sums;     // V x 3
    view<T> d_corners;  // 3 F x 3
  };

  vertex_normals(const std::vector<face>& faces, index_t vertex_count) : tables_(faces, vertex_count) {}

  const face_tables<typename Exec::memory>& tables() const { return tables_; }

  extent output_extent(extent in) const {
    require_extent("vertex_normals", "vertices", {tables_.vertex_count(), 3}, in);
    return in;
  }
  workspace plan(arena& a, extent in) const {
    const index_t f = tables_.face_count();
    return {a.take<T>(f, 6), a.take<T>(in.rows, 3), a.take<T>(in.rows, 3), a.take<T>(3 * f, 3)};
  }

  void forward(const Exec& e, view<const T> vertices, view<T> normals, workspace& w) const {
    e.for_each_index(tables_.face_count(), face_frame_kernel<T>{tables_.faces(), vertices, w.frames});
    e.for_each_index(tables_.vertex_count(),
                     vertex_normal_kernel<T>{tables_.corners(), w.frames, w.sums, normals});
  }

  void backward(const Exec& e, view<const T> vertices, view<const T> d_normals, view<T> d_vertices,
                workspace& w) const {
    if (d_vertices.empty()) return;
    e.for_each_index(tables_.vertex_count(),
                     vertex_normal_sum_pullback_kernel<T>{w.sums, d_normals, w.d_sums});
    e.for_each_index(tables_.face_count(), face_frame_pullback_kernel<T>{tables_.faces(), vertices, w.frames,
                                                                         w.d_sums, w.d_corners});
    e.for_each_index(tables_.vertex_count(),
                     gather_corners_kernel<T>{tables_.corners(), w.d_corners, d_vertices});
  }

 private:
  face_tables<typename Exec::memory> tables_;
};

}  // namespace diffam
