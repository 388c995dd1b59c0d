// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The lines of an NRRD header (Kindlmann, "Definition of NRRD File Format", teem.sourceforge.net/nrrd):
// fields, and keys with values. It is checked before any of its numbers is used to allocate or decompress.
#pragma once

#include <map>

#include "diffam/io/text/header_text.hpp"
#include "diffam/io/voxels/stored_type.hpp"

namespace diffam::io::detail {

/// A header as text.
struct nrrd_fields {
  using table = std::map<std::string, std::string, std::less<>>;
  table field;  // names in lower case
  table key;    // "key:=value"

  /// The value of a field, empty where it is missing. `other` is a second spelling of the name.
  std::string_view get(std::string_view name, std::string_view other = {}) const {
    auto at = field.find(name);
    if (at == field.end() && !other.empty()) at = field.find(other);
    return at == field.end() ? std::string_view() : std::string_view(at->second);
  }
  std::string_view required(const path& file, std::string_view name, std::string_view other = {}) const {
    const std::string_view value = get(name, other);
    if (value.empty()) bad_data(file, name, "this field", "none");
    return value;
  }
};

/// Reads the header up to and including its empty line, or to the end of the file.
inline nrrd_fields read_nrrd_fields(byte_source& in) {
  header_lines lines(in);
  std::string line;
  if (!lines.next(line) || !line.starts_with("NRRD") || line.size() != 8)
    bad_data(in.name(), "magic", "NRRD0001 to NRRD0005", in_quotes(line));
  if (const auto version = parse_number<int>(std::string_view(line).substr(4));
      !version || *version < 1 || *version > 5)
    bad_data(in.name(), "magic", "NRRD0001 to NRRD0005", in_quotes(line));
  nrrd_fields out;
  while (lines.next(line) && !line.empty()) {
    if (line.front() == '#') continue;
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) bad_data(in.name(), "header", "a line \"field: value\"", in_quotes(line));
    const bool is_key = line.substr(colon, 2) == ":=";
    const std::string name(trimmed(std::string_view(line).substr(0, colon)));
    const std::string value(trimmed(std::string_view(line).substr(colon + (is_key ? 2 : 1))));
    auto& table = is_key ? out.key : out.field;
    if (!table.emplace(is_key ? name : lower_case(name), value).second)
      bad_data(in.name(), in_quotes(name), "this line once", "twice");
  }
  return out;
}

/// The type that a header names. Throws `error` (bad_data) for others.
inline stored_type nrrd_type(std::string_view name, const path& file) {
  const std::string s = lower_case(name);
  const auto is = [&](std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), s) != names.end();
  };
  if (is({"signed char", "int8", "int8_t"})) return stored_type::int8;
  if (is({"uchar", "unsigned char", "uint8", "uint8_t"})) return stored_type::uint8;
  if (is({"short", "short int", "signed short", "signed short int", "int16", "int16_t"}))
    return stored_type::int16;
  if (is({"ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"}))
    return stored_type::uint16;
  if (is({"int", "signed int", "int32", "int32_t"})) return stored_type::int32;
  if (is({"uint", "unsigned int", "uint32", "uint32_t"})) return stored_type::uint32;
  if (is({"longlong", "long long", "long long int", "signed long long", "signed long long int", "int64",
          "int64_t"}))
    return stored_type::int64;
  if (is({"ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t"}))
    return stored_type::uint64;
  if (s == "float") return stored_type::float32;
  if (s == "double") return stored_type::float64;
  bad_data(file, "type", "a scalar integer or float type", in_quotes(name));
}

/// Splits "(1,0,0) none (0,1,0)" at blanks outside of brackets. Throws `error` (bad_data) where a bracket is
/// not closed.
inline std::vector<std::string_view> nrrd_vectors(std::string_view s, const path& file,
                                                  std::string_view field) {
  std::vector<std::string_view> out;
  for (s = trimmed(s); !s.empty(); s = trimmed(s)) {
    std::size_t n = 0;
    if (s.front() == '(') {
      n = s.find(')');
      if (n == std::string_view::npos) bad_data(file, field, "vectors like (1,0,0)", in_quotes(s));
      ++n;
    } else {
      while (n < s.size() && !is_blank(s[n]) && s[n] != '(') ++n;
    }
    out.push_back(s.substr(0, n));
    s.remove_prefix(n);
  }
  return out;
}

/// A vector "(x,y,z)". Throws `error` (bad_data) where it is none.
inline vec3<double> nrrd_vector(std::string_view s, const path& file, std::string_view field) {
  if (s.size() < 2 || s.front() != '(' || s.back() != ')')
    bad_data(file, field, "a vector like (1,0,0)", in_quotes(s));
  std::string words(s.substr(1, s.size() - 2));
  std::replace(words.begin(), words.end(), ',', ' ');
  const auto x = numbers_of<double>(words, 3, file, field);
  return {x[0], x[1], x[2]};
}

}  // namespace diffam::io::detail
