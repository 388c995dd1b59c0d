// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Cells of a table in a text file: separated by commas, tabs or semicolons, and in quotes where a program
// wants it (RFC 4180).
#pragma once

#include "diffam/io/text/scan.hpp"

namespace diffam::io::detail {

/// The separator of a line: the first of tab, semicolon and comma that occurs outside of quotes.
inline char separator_of(std::string_view line) {
  for (const char separator : {'\t', ';'}) {
    bool quoted = false;
    for (const char c : line) {
      quoted = quoted != (c == '"');
      if (c == separator && !quoted) return separator;
    }
  }
  return ',';
}

/// Splits a line into cells without their quotes; "" within quotes stands for one quote. Nothing where a
/// quote is not closed.
inline std::optional<std::vector<std::string>> table_cells(std::string_view line, char separator) {
  std::vector<std::string> cells;
  while (true) {
    std::string cell;
    const std::size_t begin = line.find_first_not_of(" ");
    if (begin != std::string_view::npos && line[begin] == '"') {
      std::size_t i = begin + 1;
      for (;; ++i) {
        if (i >= line.size()) return {};
        if (line[i] != '"')
          cell += line[i];
        else if (i + 1 < line.size() && line[i + 1] == '"')
          cell += line[i++];
        else
          break;
      }
      line.remove_prefix(i + 1);
      const std::size_t end = line.find(separator);
      if (!trimmed(line.substr(0, end)).empty()) return {};
    } else {
      cell = line.substr(0, line.find(separator));
    }
    cells.emplace_back(trimmed(cell));
    const std::size_t end = line.find(separator);
    if (end == std::string_view::npos) return cells;
    line.remove_prefix(end + 1);
  }
}

/// A number, also one with a decimal comma where the separator is another character.
inline std::optional<double> table_number(std::string cell, char separator) {
  const std::size_t comma = cell.find(',');
  if (separator != ',' && comma != std::string::npos && cell.find('.') == std::string::npos)
    cell[comma] = '.';
  return parse_number<double>(cell);
}

}  // namespace diffam::io::detail
