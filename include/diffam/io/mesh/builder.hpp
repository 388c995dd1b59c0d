// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The common part of all mesh readers: it checks vertices and faces as they arrive, and converts the mesh to
// RAS.
#pragma once

#include <limits>
#include <span>

#include "diffam/io/text/scan.hpp"
#include "diffam/mesh/triangle_mesh.hpp"

namespace diffam::io {

/// Directions of x and y in a file. RAS: x grows to the patient's right, y to the front. LPS: x grows to the
/// left, y to the back. The conversion is a half turn about z, so faces keep their orientation.
enum class mesh_space { ras, lps };

/// Options of `read_mesh`.
struct mesh_read_options {
  /// A face that names a vertex twice is an error. Else it is left out, with a warning: it has no area, and a
  /// closed mesh stays closed without it, because its other two edges cancel.
  bool strict = false;
};

namespace detail {

inline constexpr index_t max_mesh_bytes = index_t{1} << 30;

/// Collects the vertices and faces of one file.
class mesh_builder {
 public:
  mesh_builder(const path& file, warning_list& warnings, const mesh_read_options& options = {})
      : file_(file), warnings_(warnings), options_(options) {}

  /// Looks for SPACE=RAS or SPACE=LPS in a comment.
  void comment(std::string_view s) {
    if (s.find("SPACE=LPS") != std::string_view::npos) sign_ = -1;
    if (s.find("SPACE=RAS") != std::string_view::npos) sign_ = 1;
  }

  /// Reserves memory. The caller must bound both numbers by the size of the file, not take them from its
  /// header.
  void reserve(index_t vertices, index_t faces) {
    mesh_.vertices.reserve(static_cast<std::size_t>(vertices));
    mesh_.faces.reserve(static_cast<std::size_t>(faces));
  }

  void add_vertex(const vec3<double>& v) {
    if (!is_finite(v))
      bad_data(file_, "vertex " + text(mesh_.vertices.size()), "finite coordinates",
               text(v[0]) + " " + text(v[1]) + " " + text(v[2]));
    if (mesh_.vertices.size() == std::numeric_limits<stored_index>::max())
      bad_data(file_, "vertices", "fewer than 2^31", "more");
    mesh_.vertices.push_back(v);
  }

  /// Adds a triangle, or a polygon as a fan of triangles about its first corner. Indices start at 0.
  void add_face(std::span<const std::int64_t> corners) {
    if (corners.size() < 3)
      bad_data(file_, "face " + text(polygons_), "3 corners or more", text(corners.size()));
    if (corners.size() > 3) ++fans_;
    for (const std::int64_t c : corners)
      if (c < 0 || c > std::numeric_limits<stored_index>::max())
        bad_data(file_, "face " + text(polygons_), "vertex indices from 0", text(c));
    for (std::size_t k = 1; k + 1 < corners.size(); ++k) {
      const face f{static_cast<stored_index>(corners[0]), static_cast<stored_index>(corners[k]),
                   static_cast<stored_index>(corners[k + 1])};
      const bool twice = f[0] == f[1] || f[1] == f[2] || f[2] == f[0];
      if (twice && options_.strict)
        bad_data(file_, "face " + text(polygons_), "different corners", "one vertex twice");
      left_out_ += twice ? 1 : 0;
      if (!twice) mesh_.faces.push_back(f);
    }
    ++polygons_;
  }

  /// The whole mesh. Vertex indices are checked here, because a file may list faces before vertices.
  triangle_mesh<double> finish() {
    if (mesh_.vertices.empty()) bad_data(file_, "vertices", "a mesh", "none");
    if (mesh_.faces.empty()) bad_data(file_, "faces", "a mesh of triangles", "none");
    for (std::size_t i = 0; i < mesh_.faces.size(); ++i)
      for (int k = 0; k < 3; ++k)
        if (mesh_.faces[i][k] >= mesh_.vertex_count())
          bad_data(file_, "face " + text(i), "vertex indices below " + text(mesh_.vertex_count()),
                   text(mesh_.faces[i][k]));
    if (fans_ > 0)
      warnings_.push_back(about(file_, "faces") + text(fans_) +
                          " have more than 3 corners; cut into triangles from their first corner");
    if (left_out_ > 0)
      warnings_.push_back(about(file_, "faces") + text(left_out_) + " name a vertex twice; left out");
    if (sign_ < 0)
      for (auto& v : mesh_.vertices) v = {-v[0], -v[1], v[2]};
    return std::move(mesh_);
  }

  const path& file() const { return file_; }
  index_t vertex_count() const { return mesh_.vertex_count(); }

 private:
  const path& file_;
  warning_list& warnings_;
  mesh_read_options options_;
  triangle_mesh<double> mesh_;
  index_t polygons_ = 0, fans_ = 0, left_out_ = 0;
  int sign_ = 1;
};

}  // namespace detail
}  // namespace diffam::io
