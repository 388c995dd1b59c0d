// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// ASCII OFF meshes (Geomview's Object File Format).
#pragma once

#include "diffam/io/mesh/builder.hpp"

namespace diffam::io::detail {

/// The next line that is not empty. Comments go to the builder.
inline bool next_off_line(line_scanner& lines, mesh_builder& out, std::string_view& line) {
  while (lines.next(line)) {
    const std::size_t hash = line.find('#');
    if (hash != std::string_view::npos) out.comment(line.substr(hash));
    line = trimmed(line.substr(0, hash));
    if (!line.empty()) return true;
  }
  return false;
}

/// Reads the text of an OFF file. Throws `error` (bad_data).
inline triangle_mesh<double> read_off(std::string_view contents, mesh_builder& out) {
  line_scanner lines(contents);
  std::string_view line;
  const auto next = [&](std::string_view what) {
    if (!next_off_line(lines, out, line)) bad_data(out.file(), what, "more of them", "the end of the file");
  };
  const auto number = [&]<class T>(T, std::string_view expected) {
    const std::string_view word = take_word(line);
    const auto value = parse_number<T>(word);
    if (!value) bad_data(out.file(), "line " + text(lines.number()), expected, in_quotes(word));
    return *value;
  };
  next("first line");
  const std::string_view keyword = take_word(line);
  if (keyword != "OFF") bad_data(out.file(), "first line", "OFF", in_quotes(keyword));
  if (trimmed(line).empty()) next("counts");
  const index_t vertices = number(index_t{}, "a number of vertices");
  const index_t faces = number(index_t{}, "a number of faces");
  const auto room = static_cast<index_t>(lines.rest().size()) / 6 + 1;  // the shortest line is "0 0 0\n"
  if (vertices < 0 || faces < 0 || vertices > room || faces > room)
    bad_data(out.file(), "counts", "numbers that the file has room for", text(vertices) + " " + text(faces));
  out.reserve(vertices, faces);

  for (index_t i = 0; i < vertices; ++i) {
    next("vertices");
    vec3<double> v{};
    for (int k = 0; k < 3; ++k) v[k] = number(double{}, "three numbers");
    if (!trimmed(line).empty())
      bad_data(out.file(), "line " + text(lines.number()), "three numbers a vertex", "more");
    out.add_vertex(v);
  }
  std::vector<std::int64_t> corners;
  for (index_t i = 0; i < faces; ++i) {
    next("faces");
    const auto count = number(index_t{}, "a number of corners");
    if (count < 0 || count > static_cast<index_t>(line.size()))
      bad_data(out.file(), "line " + text(lines.number()), "a number of corners", text(count));
    corners.clear();
    for (index_t k = 0; k < count; ++k) corners.push_back(number(std::int64_t{}, "a vertex index"));
    out.add_face(corners);  // the rest of the line is a colour
  }
  if (next_off_line(lines, out, line))
    bad_data(out.file(), "end", "nothing after the last face", in_quotes(line));
  return out.finish();
}

}  // namespace diffam::io::detail
