// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// STL meshes, ASCII and binary. The format repeats a vertex in each of its triangles, so equal vertices are
// merged.
#pragma once

#include <array>
#include <unordered_map>

#include "diffam/io/mesh/ply.hpp"

namespace diffam::io::detail {

/// Gives equal positions the same index, in the order of their first appearance.
class vertex_welder {
 public:
  explicit vertex_welder(mesh_builder& out) : out_(out) {}

  std::int64_t operator()(vec3<float> v) {
    for (int k = 0; k < 3; ++k) v[k] += 0.0f;  // -0 is 0
    const auto [at, added] = known_.try_emplace({v}, static_cast<std::int64_t>(known_.size()));
    if (added) out_.add_vertex({v[0], v[1], v[2]});
    return at->second;
  }

 private:
  struct key {
    vec3<float> v;
    bool operator==(const key& b) const { return v == b.v; }
  };
  struct hash {
    std::size_t operator()(const key& k) const {
      std::uint64_t h = 0x9e3779b97f4a7c15u;
      for (int a = 0; a < 3; ++a)
        h = (h ^ std::bit_cast<std::uint32_t>(k.v[a])) * 0xff51afd7ed558ccdu, h ^= h >> 32;
      return static_cast<std::size_t>(h);
    }
  };
  mesh_builder& out_;
  std::unordered_map<key, std::int64_t, hash> known_;
};

/// Builds the mesh. If corners of a triangle are merged, the builder leaves the triangle out.
class stl_builder {
 public:
  explicit stl_builder(mesh_builder& out) : out_(out), weld_(out) {}

  void add(const std::array<vec3<float>, 3>& corners) {
    std::array<std::int64_t, 3> f{};
    for (std::size_t k = 0; k < 3; ++k) f[k] = weld_(corners[k]);
    out_.add_face(f);
  }
  triangle_mesh<double> finish() { return out_.finish(); }

 private:
  mesh_builder& out_;
  vertex_welder weld_;
};

/// Reads a binary STL file. Throws `error` (bad_data).
inline triangle_mesh<double> read_binary_stl(std::string_view contents, mesh_builder& out) {
  const auto load = [&](std::size_t at, auto value) {
    std::array<char, sizeof value> b;
    std::memcpy(b.data(), contents.data() + at, b.size());
    if constexpr (std::endian::native == std::endian::big) std::reverse(b.begin(), b.end());
    return std::bit_cast<decltype(value)>(b);
  };
  if (contents.size() < 84) bad_data(out.file(), "size", "84 bytes or more", text(contents.size()));
  const std::size_t facets = load(80, std::uint32_t{});
  if (contents.size() != 84 + 50 * facets)
    bad_data(out.file(), "size", text(84 + 50 * facets) + " bytes for " + text(facets) + " facets",
             text(contents.size()));
  out.comment(contents.substr(0, 80));
  stl_builder builder(out);
  for (std::size_t i = 0; i < facets; ++i) {
    std::array<vec3<float>, 3> corners{};
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t k = 0; k < 3; ++k)
        corners[c][static_cast<int>(k)] = load(84 + 50 * i + 12 + 12 * c + 4 * k, float{});
    builder.add(corners);
  }
  return builder.finish();
}

/// Reads an ASCII STL file. Throws `error` (bad_data).
inline triangle_mesh<double> read_ascii_stl(std::string_view contents, mesh_builder& out) {
  line_scanner lines(contents);
  stl_builder builder(out);
  std::array<vec3<float>, 3> corners{};
  std::size_t corner = 0;
  bool ended = false;
  for (std::string_view line; lines.next(line);) {
    std::string_view rest = line;
    const std::string where = "line " + text(lines.number());
    const std::string key = lower_case(take_word(rest));
    if (key.empty()) continue;
    if (ended && key != "solid") bad_data(out.file(), where, "nothing after endsolid", in_quotes(line));
    ended = key == "endsolid";
    if (key == "solid") {
      out.comment(rest);
    } else if (key == "vertex") {
      if (corner == 3) bad_data(out.file(), where, "three vertices a facet", "four");
      for (int k = 0; k < 3; ++k) {
        const auto x = parse_number<float>(take_word(rest));
        if (!x) bad_data(out.file(), where, "three numbers after vertex", in_quotes(line));
        corners[corner][k] = *x;
      }
      ++corner;
    } else if (key == "endfacet") {
      if (corner != 3) bad_data(out.file(), where, "three vertices a facet", text(corner));
      builder.add(corners);
      corner = 0;
    } else if (key != "facet" && key != "outer" && key != "endloop" && key != "endsolid") {
      bad_data(out.file(), where, "an STL keyword", in_quotes(line));
    }
  }
  if (!ended) bad_data(out.file(), "end", "endsolid", "the end of the file");
  return builder.finish();
}

/// Reads either kind. A binary file may also begin with "solid", so its size decides.
inline triangle_mesh<double> read_stl(std::string_view contents, mesh_builder& out) {
  bool ascii = contents.substr(0, 5) == "solid";
  if (ascii && contents.size() >= 84) {
    std::size_t facets = 0;
    for (std::size_t k = 0; k < 4; ++k)
      facets |= static_cast<std::size_t>(static_cast<unsigned char>(contents[80 + k])) << (8 * k);
    ascii = contents.size() != 84 + 50 * facets;
  }
  return ascii ? read_ascii_stl(contents, out) : read_binary_stl(contents, out);
}

/// The contents of a binary STL file, with SPACE in its header.
template <real T>
std::string stl_text(const triangle_mesh<T>& mesh, mesh_space space) {
  const float sign = space == mesh_space::lps ? -1.0f : 1.0f;
  std::string out = std::string("diffam, mm, SPACE=") + (sign < 0 ? "LPS" : "RAS");
  out.resize(80, ' ');
  append_bytes(out, static_cast<std::uint32_t>(mesh.faces.size()));
  for (const face& f : mesh.faces) {
    vec3<float> p[3];
    for (int c = 0; c < 3; ++c) {
      const auto& v = mesh.vertices[static_cast<std::size_t>(f[c])];
      p[c] = {sign * static_cast<float>(v[0]), sign * static_cast<float>(v[1]), static_cast<float>(v[2])};
    }
    const vec3<float> n = normalized(cross(p[1] - p[0], p[2] - p[0]));
    for (const vec3<float>& v : {n, p[0], p[1], p[2]})
      for (int k = 0; k < 3; ++k) append_bytes(out, v[k]);
    append_bytes(out, std::uint16_t{0});
  }
  return out;
}

}  // namespace diffam::io::detail
