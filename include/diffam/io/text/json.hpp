// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads JSON files from other programs. Size and depth are limited; a byte-order mark and the tokens NaN and
// Infinity are accepted. Only readers and writers of JSON should include this, because nlohmann-json takes
// long to compile.
#pragma once

#if defined(__has_include)
#if !__has_include(<nlohmann/json.hpp>)
#error "diffam/io needs nlohmann-json 3.11 for this file: install it (Debian: nlohmann-json3-dev)"
#endif
#endif
#include <nlohmann/json.hpp>

#include "diffam/io/input_file.hpp"

namespace diffam::io::detail {

inline constexpr index_t max_json_bytes = index_t{16} << 20;
inline constexpr int max_json_depth = 32;  // nlohmann-json copies and destroys values recursively

/// The text as strict JSON: null replaces NaN, Infinity and -Infinity outside of strings, and the byte-order
/// mark is removed. Throws `error` (bad_data) for deep nesting before the parser sees it.
inline std::string strict_json(std::string_view s, const path& file) {
  constexpr std::string_view tokens[] = {"NaN", "-NaN", "Infinity", "-Infinity"};
  if (s.starts_with("\xef\xbb\xbf")) s.remove_prefix(3);
  std::string out;
  out.reserve(s.size() + s.size() / 8);
  bool in_string = false;
  int depth = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const char c = s[i];
    out += c;
    if (in_string) {
      if (c == '\\' && i + 1 < s.size()) out += s[++i];
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (depth > max_json_depth)
      bad_data(file, "json", "at most " + text(max_json_depth) + " levels of nesting", "more");
    if (c != 'N' && c != 'I' && c != '-') continue;
    for (const std::string_view t : tokens)
      if (s.substr(i, t.size()) == t) {
        out.pop_back();
        out += "null";
        i += t.size() - 1;
        break;
      }
  }
  return out;
}

/// Reads and parses a JSON file. Throws `error`: missing_input, bad_data.
inline nlohmann::json read_json(const path& file) {
  const std::string contents = strict_json(read_file_bounded(file, max_json_bytes), file);
  try {
    return nlohmann::json::parse(contents);
  } catch (const nlohmann::json::parse_error& e) {
    bad_data(file, "json", "a JSON document", "a fault at byte " + text(e.byte));
  } catch (const nlohmann::json::out_of_range&) {
    bad_data(file, "json", "numbers that a double can hold", "a larger one");
  } catch (const nlohmann::json::exception& e) {
    bad_data(file, "json", "a JSON document", printable(e.what()));
  }
}

}  // namespace diffam::io::detail
