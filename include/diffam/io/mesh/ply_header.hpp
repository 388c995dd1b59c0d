// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads the header of a PLY file (Turk, "The PLY Polygon File Format", 1994): its elements and their
// properties.
#pragma once

#include "diffam/io/mesh/builder.hpp"

namespace diffam::io::detail {

enum class ply_encoding { ascii, little_endian, big_endian };
enum class ply_type { none, int8, uint8, int16, uint16, int32, uint32, float32, float64 };

constexpr int ply_type_size(ply_type t) {
  constexpr int sizes[] = {0, 1, 1, 2, 2, 4, 4, 4, 8};
  return sizes[static_cast<int>(t)];
}
constexpr bool is_integer(ply_type t) {
  return t != ply_type::none && t < ply_type::float32;
}

/// The type with this name; `none` for other names.
inline ply_type ply_type_from(std::string_view s) {
  constexpr std::string_view names[][2] = {{"char", "int8"},     {"uchar", "uint8"},   {"short", "int16"},
                                           {"ushort", "uint16"}, {"int", "int32"},     {"uint", "uint32"},
                                           {"float", "float32"}, {"double", "float64"}};
  for (int k = 0; k < 8; ++k)
    if (s == names[k][0] || s == names[k][1]) return static_cast<ply_type>(k + 1);
  return ply_type::none;
}

/// A property of an element: a number, or a list of numbers.
struct ply_property {
  std::string name;
  ply_type type = ply_type::none;        // type of the value, or of each item of a list
  ply_type count_type = ply_type::none;  // none: not a list

  bool is_list() const { return count_type != ply_type::none; }
};

/// An element: `count` rows with the same properties.
struct ply_element {
  std::string name;
  index_t count = 0;
  std::vector<ply_property> properties;

  int find(std::string_view property) const {
    for (std::size_t k = 0; k < properties.size(); ++k)
      if (properties[k].name == property) return static_cast<int>(k);
    return -1;
  }
  /// The least number of bytes of one element.
  index_t least_size(ply_encoding e) const {
    index_t bytes = 0;
    for (const auto& p : properties)
      bytes += e == ply_encoding::ascii ? 2 : ply_type_size(p.is_list() ? p.count_type : p.type);
    return bytes;
  }
};

struct ply_header {
  ply_encoding encoding = ply_encoding::ascii;
  std::vector<ply_element> elements;
};

inline ply_property ply_property_from(std::string_view rest, const path& file) {
  ply_property p;
  std::string_view type = take_word(rest);
  if (type == "list") {
    p.count_type = ply_type_from(take_word(rest));
    if (!is_integer(p.count_type))
      bad_data(file, "property list", "an integer type for its length", "another");
    type = take_word(rest);
  }
  p.type = ply_type_from(type);
  p.name = take_word(rest);
  if (p.type == ply_type::none || p.name.empty())
    bad_data(file, "property", "a type and a name", in_quotes(type) + " " + in_quotes(p.name));
  return p;
}

/// Reads up to `end_header`. Afterwards `lines.rest()` starts at the first byte of the data.
inline ply_header read_ply_header(line_scanner& lines, mesh_builder& out) {
  const path& file = out.file();
  ply_header h;
  std::string_view line;
  if (!lines.next(line) || trimmed(line) != "ply") bad_data(file, "first line", "ply", in_quotes(line));
  bool has_format = false;
  while (lines.next(line)) {
    std::string_view rest = line;
    const std::string_view key = take_word(rest);
    if (lines.number() > 1000) bad_data(file, "header", "at most 1000 lines", "more");
    if (key == "end_header") {
      if (!has_format) bad_data(file, "header", "a line \"format\"", "none");
      return h;
    } else if (key == "format") {
      const std::string_view name = take_word(rest), version = take_word(rest);
      h.encoding = name == "ascii"                  ? ply_encoding::ascii
                   : name == "binary_little_endian" ? ply_encoding::little_endian
                                                    : ply_encoding::big_endian;
      if ((h.encoding == ply_encoding::big_endian && name != "binary_big_endian") || version != "1.0")
        bad_data(file, "format", "ascii, binary_little_endian or binary_big_endian 1.0",
                 in_quotes(trimmed(line)));
      has_format = true;
    } else if (key == "comment" || key == "obj_info") {
      out.comment(rest);
    } else if (key == "element") {
      ply_element e;
      e.name = take_word(rest);
      const auto count = parse_number<index_t>(take_word(rest));
      if (!count || *count < 0)
        bad_data(file, "element " + printable(e.name, 40), "a count", in_quotes(line));
      e.count = *count;
      h.elements.push_back(e);
    } else if (key == "property") {
      if (h.elements.empty()) bad_data(file, "property", "an element before it", "none");
      h.elements.back().properties.push_back(ply_property_from(rest, file));
    } else if (!key.empty()) {
      bad_data(file, "header line " + text(lines.number()), "a PLY keyword", in_quotes(line));
    }
  }
  bad_data(file, "header", "a line \"end_header\"", "the end of the file");
}

}  // namespace diffam::io::detail
