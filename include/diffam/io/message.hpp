// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// One-line messages about files, of the form *file: field: expected ..., found ...*.
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

/// Remarks of readers on usable files, one line each.
using warning_list = std::vector<std::string>;

/// The end of a warning that costs a vertebra. Programs show such warnings also where they show no others.
inline constexpr std::string_view no_result = "; ignored: no result for this vertebra";

namespace detail {

/// Number of bytes of the character that starts at `s`. 1 to 4 for printable ASCII and well-formed UTF-8 (RFC
/// 3629); 0 for control characters (C0, DEL, C1) and for all other bytes.
inline std::size_t printable_length(std::string_view s) {
  const auto byte = [&](std::size_t k) { return k < s.size() ? static_cast<unsigned char>(s[k]) : 0u; };
  const auto follows = [&](std::size_t k) { return (byte(k) & 0xc0u) == 0x80u; };
  const unsigned a = byte(0), b = byte(1);
  if (a < 0x80) return a >= 0x20 && a != 0x7f ? 1 : 0;
  if (!follows(1)) return 0;
  if (a >= 0xc2 && a <= 0xdf) return a == 0xc2 && b < 0xa0 ? 0 : 2;
  if (!follows(2)) return 0;
  const bool surrogate = a == 0xed && b > 0x9f;
  if (a >= 0xe0 && a <= 0xef) return (a == 0xe0 && b < 0xa0) || surrogate ? 0 : 3;
  if (!follows(3)) return 0;
  return (a == 0xf0 && b >= 0x90) || (a > 0xf0 && a < 0xf4) || (a == 0xf4 && b < 0x90) ? 4 : 0;
}

/// At most `limit` bytes of `s`, on one line. Bytes that are not part of a printable character become '?'.
inline std::string printable(std::string_view s, std::size_t limit = 200) {
  std::string out;
  while (!s.empty()) {
    const std::size_t n = printable_length(s);
    if (out.size() + (n > 1 ? n : 1) > limit) return out + "...";
    out += n > 0 ? s.substr(0, n) : std::string_view("?");
    s.remove_prefix(n > 1 ? n : 1);
  }
  return out;
}

/// The shortest text from which the same number is read back.
template <class T>
std::string text(T value) {
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

inline std::string in_quotes(std::string_view s) {
  std::string out(1, '"');
  out += printable(s, 40);  // not +: gcc 12 falsely warns of an overlap
  return out += '"';
}

/// A size in bytes with a readable unit.
template <std::integral I>
std::string bytes_text(I bytes) {
  const auto b = static_cast<double>(bytes);
  const auto one_decimal = [](double x) { return text(static_cast<double>(static_cast<long>(x * 10)) / 10); };
  if (b < 1e4) return text(bytes) + " bytes";
  if (b < 1e7) return one_decimal(b / 1e3) + " kB";
  if (b < 1e10) return one_decimal(b / 1e6) + " MB";
  return b < 1e16 ? one_decimal(b / 1e9) + " GB" : "over 10000000 GB";
}

/// The start of a message: "file: field: ".
inline std::string about(const path& file, std::string_view field) {
  return printable(file.string(), 1000) + ": " + std::string(field) + ": ";
}

}  // namespace detail

/// Throws `error` (bad_data): the contents of a file are not as expected.
[[noreturn]] inline void bad_data(const path& file, std::string_view field, std::string_view expected,
                                  std::string_view found) {
  throw error(
      detail::about(file, field) + "expected " + std::string(expected) + ", found " + std::string(found),
      error_kind::bad_data);
}

}  // namespace diffam::io
