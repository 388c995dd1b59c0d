// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Wavefront OBJ meshes. Positions and faces are read; texture, normals, groups and materials are ignored.
#pragma once

#include "diffam/io/mesh/ply.hpp"

namespace diffam::io::detail {

/// Reads the text of an OBJ file. Throws `error` (bad_data).
inline triangle_mesh<double> read_obj(std::string_view contents, mesh_builder& out) {
  constexpr std::string_view passed_over[] = {"vt",     "vn", "vp", "g",  "o",      "s",     "mtllib",
                                              "usemtl", "l",  "p",  "mg", "usemap", "maplib"};
  line_scanner lines(contents);
  std::vector<std::int64_t> corners;
  for (std::string_view line; lines.next(line);) {
    const std::size_t hash = line.find('#');
    if (hash != std::string_view::npos) out.comment(line.substr(hash));
    std::string_view rest = line.substr(0, hash);
    const std::string where = "line " + text(lines.number());
    const std::string_view key = take_word(rest);
    if (key.empty()) continue;
    if (key == "v") {
      vec3<double> v{};
      for (int k = 0; k < 3; ++k) {
        const auto x = parse_number<double>(take_word(rest));
        if (!x) bad_data(out.file(), where, "three numbers after v", in_quotes(line));
        v[k] = *x;
      }
      out.add_vertex(v);
    } else if (key == "f") {
      corners.clear();
      for (std::string_view word = take_word(rest); !word.empty(); word = take_word(rest)) {
        const auto index = parse_number<std::int64_t>(word.substr(0, word.find('/')));
        if (!index || *index == 0) bad_data(out.file(), where, "vertex numbers from 1", in_quotes(word));
        if (*index < -out.vertex_count()) bad_data(out.file(), where, "an earlier vertex", in_quotes(word));
        corners.push_back(*index > 0 ? *index - 1 : out.vertex_count() + *index);
      }
      out.add_face(corners);
    } else if (std::find(std::begin(passed_over), std::end(passed_over), key) == std::end(passed_over)) {
      bad_data(out.file(), where, "a mesh of polygons", in_quotes(line));
    }
  }
  return out.finish();
}

/// The text of an OBJ file: coordinates as floats, with a SPACE comment.
template <real T>
std::string obj_text(const triangle_mesh<T>& mesh, mesh_space space) {
  const bool lps = space == mesh_space::lps;
  std::string out = std::string("# SPACE=") + (lps ? "LPS" : "RAS") + ", lengths in mm\n";
  for (const auto& v : mesh.vertices) {
    out += 'v';
    for (int k = 0; k < 3; ++k) {
      const auto x = static_cast<float>(v[k]);
      out += ' ' + text(lps && k < 2 ? -x : x);
    }
    out += '\n';
  }
  for (const face& f : mesh.faces)
    out += "f " + text(f[0] + 1) + ' ' + text(f[1] + 1) + ' ' + text(f[2] + 1) + '\n';
  return out;
}

}  // namespace diffam::io::detail
