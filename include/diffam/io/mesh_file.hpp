// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads and writes mesh files: .ply, .obj, .stl, .off. Coordinates in memory are RAS; a file with SPACE=LPS
// in a comment is converted. The reader does not check whether a mesh is closed; `check_mesh` does.
#pragma once

#include "diffam/io/mesh/obj.hpp"
#include "diffam/io/mesh/off.hpp"
#include "diffam/io/mesh/ply.hpp"
#include "diffam/io/mesh/stl.hpp"

namespace diffam::io {

/// Whether the name ends in .ply, .obj, .stl or .off.
inline bool is_mesh_file(const path& file) {
  const std::string end = detail::lower_case(file.extension().string());
  return end == ".ply" || end == ".obj" || end == ".stl" || end == ".off";
}

/// Reads .ply, .obj, .stl or .off. Polygons become fans of triangles, and faces that name a vertex twice are
/// left out, both with a warning. Throws `error`: usage for another kind of name, missing_input where the
/// file cannot be read, bad_data where its contents are wrong.
inline triangle_mesh<double> read_mesh(const path& file, warning_list& warnings,
                                       const mesh_read_options& options = {}) {
  if (!is_mesh_file(file))
    throw error(detail::about(file, "name") + "expected a mesh in .ply, .obj, .stl or .off",
                error_kind::usage);
  const std::string end = detail::lower_case(file.extension().string());
  const std::string contents = read_file_bounded(file, detail::max_mesh_bytes);
  detail::mesh_builder builder(file, warnings, options);
  if (end == ".ply") return detail::read_ply(contents, builder);
  if (end == ".obj") return detail::read_obj(contents, builder);
  if (end == ".stl") return detail::read_stl(contents, builder);
  return detail::read_off(contents, builder);
}

/// Writes binary .ply, .obj or binary .stl, as floats, with the vertices in the mesh's order. Throws `error`:
/// usage, cannot_create, write_failed.
template <real T>
void write_mesh(const path& file, const triangle_mesh<T>& mesh, const mesh_write_options& options = {}) {
  const std::string end = detail::lower_case(file.extension().string());
  const bool ply = end == ".ply";
  if (!ply && end != ".obj" && end != ".stl")
    throw error(detail::about(file, "name") + "expected a name that ends in .ply, .obj or .stl",
                error_kind::usage);
  for (const std::size_t n : {options.quality.size(), options.colour.size(), options.region.size()})
    if (n != 0 && (!ply || n != mesh.vertices.size()))
      throw error(detail::about(file, "quality, colour and region") +
                  "expected a .ply and one value for each of " + detail::text(mesh.vertices.size()) +
                  " vertices, got " + detail::text(n));
  for (const face& f : mesh.faces)
    for (int k = 0; k < 3; ++k)
      if (f[k] < 0 || f[k] >= mesh.vertex_count())
        throw error(detail::about(file, "mesh") + "expected vertex indices below " +
                    detail::text(mesh.vertex_count()) + ", got " + detail::text(f[k]));
  write_file(file, ply             ? detail::ply_text(mesh, options)
                   : end == ".obj" ? detail::obj_text(mesh, options.space)
                                   : detail::stl_text(mesh, options.space));
}

}  // namespace diffam::io
