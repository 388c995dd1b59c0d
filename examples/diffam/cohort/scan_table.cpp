// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads a table of paths.
#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "cohort/csv.hpp"
#include "cohort/scans.hpp"
#include "diffam/io/input_file.hpp"
#include "diffam/io/message.hpp"
#include "output_files.hpp"

namespace fs = std::filesystem;

namespace diffam::program {

namespace {

bool is_label(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; });
}

}  // namespace

std::vector<scan_files> scans_of_table(const fs::path& table) {
  const csv_table all = read_csv(table);
  constexpr const char* known = "ct, subject, session, centres, truth";
  for (const auto& column : all.columns)
    if (std::string(known).find(column) == std::string::npos || column.size() < 2)
      io::bad_data(table, "first line", fmt::format("columns of {}", known), "'" + column + "'");
  const auto ct = all.find("ct");
  if (!ct) io::bad_data(table, "first line", "a column ct", "none of this name");
  std::vector<scan_files> scans;
  for (const auto& row : all.rows) {
    const auto field = [&](const char* column) {
      const auto at = all.find(column);
      return at ? row[*at] : std::string();
    };
    const auto file = [&](const char* column) {
      return field(column).empty() ? fs::path() : table.parent_path() / field(column);
    };
    const auto label = [&](const char* column, const std::string& prefix) {
      std::string text = field(column);
      if (text.starts_with(prefix)) text.erase(0, prefix.size());
      if (!is_label(text)) io::bad_data(table, column, "letters and digits", "'" + text + "'");
      return text;
    };
    if (field("ct").empty()) io::bad_data(table, fmt::format("row {}", scans.size() + 2), "a path", "none");
    scan_files s;
    s.ct = file("ct");
    s.centres = file("centres");
    s.truth = file("truth");
    const std::string subject = label("subject", "sub-"), session = label("session", "ses-");
    if (subject.empty()) name_by(s, case_name(s.ct));
    if (!subject.empty()) s.subject = subject;
    if (!session.empty()) s.session = session;
    scans.push_back(s);
  }
  return scans;
}

}  // namespace diffam::program
