// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Tables as text: comma or tab between the fields, "quotes" around a field that has commas, quotes or line
// breaks in it (RFC 4180).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace diffam::program {

struct csv_table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // as long as `columns`

  /// The index of a column.
  std::optional<std::size_t> find(const std::string& column) const;
};

/// Reads a table whose first line names the columns; .tsv has tabs. Throws `error`: missing_input where the
/// file cannot be read, bad_data where a row has another number of fields.
csv_table read_csv(const std::filesystem::path& file);

/// A line of a table. Line breaks within a field become blanks.
std::string csv_line(const std::vector<std::string>& fields);

}  // namespace diffam::program
