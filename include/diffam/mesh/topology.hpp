// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Connectivity tables for set-up: the unique edges, and the corners at each vertex. With the corners, a
// kernel can gather per vertex instead of scattering per face: no atomics, and sums in a fixed order.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "diffam/core/buffer.hpp"

namespace diffam {

/// Two vertex indices, the smaller first.
using edge = vec<stored_index, 2>;

/// Throws `error` (bad_data) if a vertex index is not in [0, vertex_count).
inline void require_indices(const char* what, const std::vector<face>& faces, index_t vertex_count) {
  for (std::size_t f = 0; f < faces.size(); ++f)
    for (int k = 0; k < 3; ++k)
      if (faces[f][k] < 0 || faces[f][k] >= vertex_count)
        throw error(std::string(what) + ": expected vertex indices in [0, " + std::to_string(vertex_count) +
                        "), got " + std::to_string(faces[f][k]) + " in face " + std::to_string(f),
                    error_kind::bad_data);
}

/// All undirected edges, each once, in lexicographic order.
inline std::vector<edge> unique_edges(const std::vector<face>& faces) {
  std::vector<edge> edges;
  edges.reserve(3 * faces.size());
  for (const face& f : faces)
    for (int k = 0; k < 3; ++k) {
      const stored_index a = f[k], b = f[(k + 1) % 3];
      if (a != b) edges.push_back({std::min(a, b), std::max(a, b)});
    }
  std::sort(edges.begin(), edges.end(),
            [](const edge& x, const edge& y) { return x[0] != y[0] ? x[0] < y[0] : x[1] < y[1]; });
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

/// For each vertex its corners in ascending order. Corner 3 f + k is vertex k of face f. The corners of
/// vertex v are corner[first[v]] ... corner[first[v + 1] - 1].
struct vertex_corner_table {
  std::vector<stored_index> first;   // V + 1
  std::vector<stored_index> corner;  // 3 F
};

/// Builds the table by a bucket sort. Throws `error` (bad_data) for bad indices.
inline vertex_corner_table vertex_corners(const std::vector<face>& faces, index_t vertex_count) {
  require_indices("faces", faces, vertex_count);
  vertex_corner_table t;
  t.first.assign(static_cast<std::size_t>(vertex_count) + 1, 0);
  t.corner.resize(3 * faces.size());
  for (const face& f : faces)
    for (int k = 0; k < 3; ++k) ++t.first[static_cast<std::size_t>(f[k]) + 1];
  for (std::size_t v = 1; v < t.first.size(); ++v) t.first[v] += t.first[v - 1];
  std::vector<stored_index> next = t.first;
  for (std::size_t f = 0; f < faces.size(); ++f)
    for (int k = 0; k < 3; ++k)
      t.corner[static_cast<std::size_t>(next[static_cast<std::size_t>(faces[f][k])]++)] =
          static_cast<stored_index>(3 * f) + k;
  return t;
}

/// A `vertex_corner_table` for kernels.
struct corner_view {
  view<const stored_index> first;   // V + 1
  view<const stored_index> corner;  // 3 F
};

/// Adds to vertex v the rows of its corners.
template <class T>
struct gather_corners_kernel {
  corner_view corners;
  view<const T> rows;  // 3 F x 3, one row per corner
  view<T> out;         // V x 3, added to
  DIFFAM_HOST_DEVICE void operator()(index_t v) const {
    vec3<T> sum{};
    for (stored_index i = corners.first[v]; i < corners.first[v + 1]; ++i)
      sum += load3(rows, corners.corner[i]);
    add3(out, v, sum);
  }
};

/// Copies a vector to memory space `Memory`.
template <class Memory, class T>
buffer<T, Memory> upload_vector(const std::vector<T>& from) {
  buffer<T, Memory> b(static_cast<index_t>(from.size()));
  if (!from.empty()) b.upload(from.data());
  return b;
}

/// Owns the faces and the corner table of a mesh in the policy's memory.
template <class Memory>
class face_tables {
 public:
  face_tables(const std::vector<face>& faces, index_t vertex_count)
      : vertices_(vertex_count), faces_(upload_vector<Memory>(faces)) {
    const vertex_corner_table t = vertex_corners(faces, vertex_count);
    first_ = upload_vector<Memory>(t.first);
    corner_ = upload_vector<Memory>(t.corner);
  }
  index_t vertex_count() const { return vertices_; }
  index_t face_count() const { return faces_.size(); }
  view<const face> faces() const { return faces_.get(); }
  corner_view corners() const { return {first_.get(), corner_.get()}; }

 private:
  index_t vertices_;
  buffer<face, Memory> faces_;
  buffer<stored_index, Memory> first_, corner_;
};

}  // namespace diffam
