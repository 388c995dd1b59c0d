// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Scans lines, words and numbers of text files, without a locale and without copies.
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>

#include "diffam/core/config.hpp"
#include "diffam/io/message.hpp"

namespace diffam::io::detail {

/// Yields the lines of a text without their ends (LF or CR LF).
class line_scanner {
 public:
  explicit line_scanner(std::string_view text) : rest_(text) {}

  bool next(std::string_view& line) {
    if (rest_.empty()) return false;
    const std::size_t end = rest_.find('\n');
    line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    ++number_;
    return true;
  }
  index_t number() const { return number_; }       // number of the last line, from 1
  std::string_view rest() const { return rest_; }  // text after the last line

 private:
  std::string_view rest_;
  index_t number_ = 0;
};

inline bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

inline std::string_view trimmed(std::string_view s) {
  while (!s.empty() && is_blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_blank(s.back())) s.remove_suffix(1);
  return s;
}

/// Removes the first word and returns it; empty at the end.
inline std::string_view take_word(std::string_view& s) {
  while (!s.empty() && is_blank(s.front())) s.remove_prefix(1);
  std::size_t n = 0;
  while (n < s.size() && !is_blank(s[n])) ++n;
  const std::string_view word = s.substr(0, n);
  s.remove_prefix(n);
  return word;
}

/// Parses a whole word as a number. Nothing where it is not a number or does not fit in T.
template <class T>
std::optional<T> parse_number(std::string_view word) {
  if (!word.empty() && word.front() == '+') word.remove_prefix(1);
  T value{};
  const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (code != std::errc{} || end != word.data() + word.size() || word.empty()) return {};
  return value;
}

inline std::string lower_case(std::string_view s) {
  std::string out(s);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

}  // namespace diffam::io::detail
