// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// PLY meshes. ASCII and both binary encodings are read; binary little-endian is written.
#pragma once

#include <array>
#include <bit>
#include <cstring>

#include "diffam/io/atomic_file.hpp"
#include "diffam/io/mesh/ply_header.hpp"

namespace diffam::io {

/// Options of `write_mesh`.
struct mesh_write_options {
  mesh_space space = mesh_space::ras;                        // frame of the file; meshes in memory are RAS
  std::span<const float> quality = {};                       // one number for each vertex; PLY only
  std::span<const std::array<std::uint8_t, 3>> colour = {};  // red, green, blue of each vertex; PLY only
  std::span<const std::uint8_t> region = {};                 // one number for each vertex; PLY only
};

namespace detail {

/// The numbers after a PLY header, read one by one.
class ply_data {
 public:
  ply_data(std::string_view data, ply_encoding encoding, const path& file)
      : rest_(data), encoding_(encoding), file_(file) {}

  index_t bytes_left() const { return static_cast<index_t>(rest_.size()); }

  double next(ply_type type) {
    if (encoding_ == ply_encoding::ascii) return next_word(type);
    switch (type) {
      case ply_type::int8:
        return take<std::int8_t>();
      case ply_type::uint8:
        return take<std::uint8_t>();
      case ply_type::int16:
        return take<std::int16_t>();
      case ply_type::uint16:
        return take<std::uint16_t>();
      case ply_type::int32:
        return take<std::int32_t>();
      case ply_type::uint32:
        return take<std::uint32_t>();
      case ply_type::float32:
        return static_cast<double>(take<float>());
      default:
        return take<double>();
    }
  }

  /// The length of a list. Throws `error` (bad_data) where the rest of the file is too short for it.
  index_t next_count(const ply_property& p) {
    const double count = next(p.count_type);
    const index_t least = encoding_ == ply_encoding::ascii ? 2 : ply_type_size(p.type);
    if (!(count >= 0 && count <= static_cast<double>(bytes_left() / least + 1)))
      bad_data(file_, p.name, "a list that the file has room for", text(count) + " items");
    return static_cast<index_t>(count);
  }

  void finish() {
    if (encoding_ == ply_encoding::ascii) rest_ = trimmed(rest_);
    if (!rest_.empty()) bad_data(file_, "end", "nothing after the last element", "more data");
  }

 private:
  template <class T>
  T take() {
    if (rest_.size() < sizeof(T)) bad_data(file_, "data", "more of it", "the end of the file");
    std::array<char, sizeof(T)> b;
    std::copy_n(rest_.begin(), b.size(), b.begin());
    rest_.remove_prefix(b.size());
    if ((encoding_ == ply_encoding::big_endian) == (std::endian::native == std::endian::little))
      std::reverse(b.begin(), b.end());
    return std::bit_cast<T>(b);
  }
  double next_word(ply_type type) {
    const std::string_view word = take_word(rest_);
    if (word.empty()) bad_data(file_, "data", "more of it", "the end of the file");
    const auto value = parse_number<double>(word);
    if (!value || (is_integer(type) && *value != std::floor(*value)))
      bad_data(file_, "data", is_integer(type) ? "a whole number" : "a number", in_quotes(word));
    return *value;
  }

  std::string_view rest_;
  ply_encoding encoding_;
  const path& file_;
};

/// Reads all rows of one element; adds vertices and faces to `out`, and skips other elements.
inline void read_ply_element(const ply_element& e, ply_data& data, mesh_builder& out) {
  const bool vertices = e.name == "vertex", faces = e.name == "face";
  const int x = e.find("x"), y = e.find("y"), z = e.find("z");
  const int list = std::max(e.find("vertex_indices"), e.find("vertex_index"));
  const auto is_number = [&](int k) {
    return k >= 0 && !e.properties[static_cast<std::size_t>(k)].is_list();
  };
  if (vertices && !(is_number(x) && is_number(y) && is_number(z)))
    bad_data(out.file(), "vertex", "properties x, y and z, a number each", "others");
  if (faces && (list < 0 || !e.properties[static_cast<std::size_t>(list)].is_list() ||
                !is_integer(e.properties[static_cast<std::size_t>(list)].type)))
    bad_data(out.file(), "face", "a list of integers vertex_indices", "none");
  std::vector<double> row(e.properties.size());
  std::vector<std::int64_t> corners;
  for (index_t i = 0; i < e.count; ++i) {
    for (std::size_t k = 0; k < e.properties.size(); ++k) {
      const ply_property& p = e.properties[k];
      if (!p.is_list()) {
        row[k] = data.next(p.type);
        continue;
      }
      const index_t count = data.next_count(p);
      const bool wanted = faces && static_cast<int>(k) == list;
      if (wanted) corners.clear();
      for (index_t c = 0; c < count; ++c) {
        const double item = data.next(p.type);
        if (wanted) corners.push_back(std::abs(item) < 1e15 ? static_cast<std::int64_t>(item) : -1);
      }
    }
    const auto at = [&](int k) { return row[static_cast<std::size_t>(k)]; };
    if (vertices) out.add_vertex({at(x), at(y), at(z)});
    if (faces) out.add_face(corners);
  }
}

/// Reads the contents of a PLY file. Throws `error` (bad_data).
inline triangle_mesh<double> read_ply(std::string_view contents, mesh_builder& out) {
  line_scanner lines(contents);
  const ply_header header = read_ply_header(lines, out);
  ply_data data(lines.rest(), header.encoding, out.file());
  for (const ply_element& e : header.elements) {
    const index_t least = e.least_size(header.encoding);
    if (e.count > 0 && (least == 0 || e.count > data.bytes_left() / least + 1))
      bad_data(out.file(), "element " + printable(e.name, 40), "a count that the file has room for",
               text(e.count));
    read_ply_element(e, data, out);
  }
  data.finish();
  return out.finish();
}

/// Appends the bytes of a number in little-endian order.
template <class T>
void append_bytes(std::string& out, T value) {
  auto b = std::bit_cast<std::array<char, sizeof(T)>>(value);
  if constexpr (std::endian::native == std::endian::big) std::reverse(b.begin(), b.end());
  out.append(b.data(), b.size());
}

/// The contents of a binary little-endian PLY file.
template <real T>
std::string ply_text(const triangle_mesh<T>& mesh, const mesh_write_options& options) {
  const bool lps = options.space == mesh_space::lps;
  std::string out = "ply\nformat binary_little_endian 1.0\ncomment SPACE=";
  out += lps ? "LPS" : "RAS";
  out += "\ncomment lengths in mm\nelement vertex " + text(mesh.vertex_count());
  out += "\nproperty float x\nproperty float y\nproperty float z\n";
  if (!options.quality.empty()) out += "property float quality\n";
  if (!options.colour.empty()) out += "property uchar red\nproperty uchar green\nproperty uchar blue\n";
  if (!options.region.empty()) out += "property uchar region\n";
  out += "element face " + text(mesh.face_count()) + "\nproperty list uchar int vertex_indices\nend_header\n";
  for (std::size_t i = 0; i < mesh.vertices.size(); ++i) {
    for (int k = 0; k < 3; ++k) {
      const auto x = static_cast<float>(mesh.vertices[i][k]);
      append_bytes(out, lps && k < 2 ? -x : x);
    }
    if (!options.quality.empty()) append_bytes(out, options.quality[i]);
    if (!options.colour.empty())
      for (const std::uint8_t c : options.colour[i]) append_bytes(out, c);
    if (!options.region.empty()) append_bytes(out, options.region[i]);
  }
  for (const face& f : mesh.faces) {
    append_bytes(out, std::uint8_t{3});
    for (int k = 0; k < 3; ++k) append_bytes(out, f[k]);
  }
  return out;
}

}  // namespace detail
}  // namespace diffam::io
