// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Angle-weighted vertex normals as a component: vertices V x 3 -> unit normals V x 3.
// mesh/normals/formulas.hpp has the formulas. A vertex whose faces all have no area gets the zero vector.
#pragma once

#include "diffam/component/component.hpp"
#include "diffam/exec/block.hpp"
#include "diffam/mesh/normals/formulas.hpp"
#include "diffam/mesh/topology.hpp"
#include "diffam/simd/columns.hpp"

namespace diffam {

/// Computes unit normals and corner angles of Count faces at once.
template <class T, int Count>
struct face_frame_kernel {
  view<const face> faces;
  view<const T> vertices;  // V x 3
  view<T> frames;          // F x 6: unit normal, three corner angles
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const lane_block<Count> block(i, faces.rows);
    lane_columns<T, 9, Count> x;
    lane_columns<T, 6, Count> to;
    for (int l = 0; l < Count; ++l) x.gather(l, vertices, faces[block.index_of(l)]);
    const auto frame = make_face_frame(x.vectors(0), x.vectors(3), x.vectors(6));
    to.set(0, frame.normal);
    to.set(3, frame.angle);
    for (int l = 0; l < block.size; ++l)
      for (int k = 0; k < 6; ++k) frames(block.first + l, k) = to.at[k][l];
  }
};

/// Sums angle times face normal over the corners of vertex v, and normalises the sum.
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

/// Pullback of the frames of Count faces to their vertices.
template <class T, int Count>
struct face_frame_pullback_kernel {
  view<const face> faces;
  view<const T> vertices, frames, d_sums;  // V x 3, F x 6, V x 3
  view<T> d_corners;                       // 3 F x 3, written
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const lane_block<Count> block(i, faces.rows);
    lane_columns<T, 9, Count> x, g;
    lane_columns<T, 6, Count> frame;
    for (int l = 0; l < Count; ++l) {
      const index_t f = block.index_of(l);
      x.gather(l, vertices, faces[f]);
      g.gather(l, d_sums, faces[f]);
      for (int k = 0; k < 6; ++k) frame.at[k][l] = frames(f, k);
    }
    const vec3<lanes<T, Count>> sums[3] = {g.vectors(0), g.vectors(3), g.vectors(6)};
    const auto d = face_frame_pullback<lanes<T, Count>>(x.vectors(0), x.vectors(3), x.vectors(6),
                                                        {frame.vectors(0), frame.vectors(3)}, sums);
    for (int k = 0; k < 3; ++k) x.set(3 * k, d.d_corner[k]);
    for (int l = 0; l < block.size; ++l) {
      T* to = d_corners.row(3 * (block.first + l));
      for (int k = 0; k < 9; ++k) to[k] = x.at[k][l];
    }
  }
};

/// Angle-weighted vertex normals of one mesh.
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

  /// Throws `error` (bad_data) for bad indices.
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
    e.for_each_index(blocks(), face_frame_kernel<T, count_>{tables_.faces(), vertices, w.frames}, grain_);
    e.for_each_index(tables_.vertex_count(),
                     vertex_normal_kernel<T>{tables_.corners(), w.frames, w.sums, normals});
  }

  void backward(const Exec& e, view<const T> vertices, view<const T> d_normals, view<T> d_vertices,
                workspace& w) const {
    if (d_vertices.empty()) return;
    e.for_each_index(tables_.vertex_count(),
                     vertex_normal_sum_pullback_kernel<T>{w.sums, d_normals, w.d_sums});
    e.for_each_index(
        blocks(),
        face_frame_pullback_kernel<T, count_>{tables_.faces(), vertices, w.frames, w.d_sums, w.d_corners},
        grain_);
    e.for_each_index(tables_.vertex_count(),
                     gather_corners_kernel<T>{tables_.corners(), w.d_corners, d_vertices});
  }

 private:
  static constexpr int count_ = diffam::exec::lanes_per_index<T, Exec>;
  static constexpr index_t grain_ = 16;
  index_t blocks() const { return lane_block<count_>::count(tables_.face_count()); }

  face_tables<typename Exec::memory> tables_;
};

}  // namespace diffam
