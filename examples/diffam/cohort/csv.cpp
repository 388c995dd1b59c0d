// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads and writes tables.
#include "cohort/csv.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "console.hpp"
#include "diffam/io/input_file.hpp"
#include "diffam/io/message.hpp"

namespace diffam::program {

namespace {

constexpr index_t largest = index_t{256} << 20;

/// The fields of the line that begins at `at`, which moves to the next line.
std::vector<std::string> fields_of(const std::string& text, std::size_t& at, char between) {
  std::vector<std::string> fields(1);
  for (bool quoted = false; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      if (quoted && at + 1 < text.size() && text[at + 1] == '"')
        fields.back() += text[++at];
      else
        quoted = !quoted;
    } else if (quoted) {
      fields.back() += c;
    } else if (c == '\n') {
      ++at;
      break;
    } else if (c == between) {
      fields.emplace_back();
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  return fields;
}

}  // namespace

std::optional<std::size_t> csv_table::find(const std::string& column) const {
  const auto at = std::find(columns.begin(), columns.end(), column);
  if (at == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(at - columns.begin());
}

csv_table read_csv(const std::filesystem::path& file) {
  std::string text = io::read_file_bounded(file, largest);
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);  // the mark of UTF-8, as spreadsheets write it
  const char between = file.extension() == ".tsv" ? '\t' : ',';
  csv_table table;
  std::size_t at = 0;
  table.columns = fields_of(text, at, between);
  for (std::size_t line = 2; at < text.size(); ++line) {
    auto fields = fields_of(text, at, between);
    if (fields.size() == 1 && fields[0].empty()) continue;
    if (fields.size() != table.columns.size())
      io::bad_data(file, fmt::format("row {}", line), fmt::format("{} fields", table.columns.size()),
                   fmt::format("{}", fields.size()));
    table.rows.push_back(std::move(fields));
  }
  return table;
}

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) line += ',';
    const std::string text = one_line(fields[i]);
    if (text.find_first_of(",\"") == text.npos) {
      line += text;
      continue;
    }
    line += '"';
    for (const char c : text) line += c == '"' ? "\"\"" : std::string(1, c);
    line += '"';
  }
  return line + "\n";
}

}  // namespace diffam::program
