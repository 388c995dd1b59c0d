// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// One-line messages about files: *file: field: expected ..., found ...*.
#pragma once

#include <charconv>
#include <concepts>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "diffam/core/error.hpp"

namespace diffam::io {

using path = std::filesystem::path;

/// What readers have to say without failing, one line each.
using warning_list = std::vector<std::string>;

namespace detail {

/// At most `limit` characters, on one line whatever a file holds: other bytes than printable ASCII and
/// UTF-8 become '?'.
inline std::string printable(std::string_view s, std::size_t limit = 200) {
  std::string out;
  for (const char c : s) {
    if (out.size() == limit) return out + "...";
    const auto u = static_cast<unsigned char>(c);
    out += u < 0x20 || u == 0x7f ? '?' : c;
  }
  return out;
}

/// The shortest text that reads back as the same number.
template <class T>
std::string text(T value) {
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

inline std::string in_quotes(std::string_view s) {
  return std::string(1, '"') + printable(s, 40) + '"';
}

/// A size in bytes as people say it.
template <std::integral I>
std::string bytes_text(I bytes) {
  const auto b = static_cast<double>(bytes);
  const auto one_decimal = [](double x) { return text(static_cast<double>(static_cast<long>(x * 10)) / 10); };
  if (b < 1e4) return text(bytes) + " bytes";
  if (b < 1e7) return one_decimal(b / 1e3) + " kB";
  if (b < 1e10) return one_decimal(b / 1e6) + " MB";
  return b < 1e16 ? one_decimal(b / 1e9) + " GB" : "over 10000000 GB";
}

inline std::string about(const path& file, std::string_view field) {
  return printable(file.string(), 1000) + ": " + std::string(field) + ": ";
}

}  // namespace detail

/// Throws: what is in the file is not what it should be.
[[noreturn]] inline void bad_data(const path& file, std::string_view field, std::string_view expected,
                                  std::string_view found) {
  throw error(
      detail::about(file, field) + "expected " + std::string(expected) + ", found " + std::string(found),
      error_kind::bad_data);
}

}  // namespace diffam::io
