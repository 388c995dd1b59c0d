// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads vertebra centres from tables: label, x, y, z with commas, tabs or semicolons, with or without quotes;
// 3D Slicer's table of control points (label, r, a, s or l, p, s) and its fiducial lists (.fcsv).
#pragma once

#include <array>

#include "diffam/io/centroid/check.hpp"
#include "diffam/io/text/table.hpp"

namespace diffam::io::detail {

/// The columns of a table, and its frame where it states one.
class centroid_table {
 public:
  explicit centroid_table(centroid_collector& out) : out_(out), frame_(out.options().frame) {}

  /// A comment may name the frame, or the columns as in .fcsv.
  void comment(std::string_view text) {
    const std::size_t cut = std::min(text.find_first_of(":="), text.size());
    const std::string key = lower_case(trimmed(text.substr(0, cut)));
    const std::string_view value = cut < text.size() ? trimmed(text.substr(cut + 1)) : std::string_view();
    if (key == "frame") states(named_frame(value));
    if (key == "columns") header(table_cells(value, ',').value_or(std::vector<std::string>{}));
    if (key != "coordinatesystem") return;
    if (value != "LPS" && value != "RAS" && value != "0" && value != "1")  // 0 and 1 up to Slicer 4.10
      bad_data(out_.file(), "CoordinateSystem", "LPS or RAS", in_quotes(value));
    states(
        {value == "LPS" || value == "1" ? centroid_frame::space::world_lps : centroid_frame::space::world_ras,
         {},
         0});
  }

  void row(std::string_view line, index_t number) {
    if (separator_ == 0) separator_ = separator_of(line);
    const std::string where = "line " + text(number);
    const auto cells = table_cells(line, separator_);
    if (!cells) bad_data(out_.file(), where, "quotes in pairs around a cell", in_quotes(line));
    if (header(*cells)) return;
    if (label_ < 0 && cells->size() != 4) bad_data(out_.file(), where, "label,x,y,z", in_quotes(line));
    if (label_ < 0) label_ = 0, x_ = {1, 2, 3};
    const auto last = static_cast<std::size_t>(std::max({label_, x_[0], x_[1], x_[2]}));
    if (cells->size() <= last)
      bad_data(out_.file(), where, text(last + 1) + " cells or more",
               text(cells->size()) + " in " + in_quotes(line));
    if (!frame_)
      bad_data(out_.file(), "frame", "a line \"# frame: world-ras\" (or world-lps, voxel)",
               "none: name the frame with --centroid-frame");
    const auto cell = [&](int column) -> const std::string& {
      return (*cells)[static_cast<std::size_t>(column)];
    };
    const auto label = out_.label(cell(label_));
    if (!label) return;
    const bool placed =
        defined_ < 0 || cells->size() <= static_cast<std::size_t>(defined_) || cell(defined_) != "0";
    if (!placed) return out_.add_missing(*label);
    vec3<double> x{};
    for (int k = 0; k < 3; ++k) {
      const std::string& word = cell(x_[static_cast<std::size_t>(k)]);
      const auto value = table_number(word, separator_);
      if (!value) bad_data(out_.file(), where, "a number", in_quotes(word));
      x[k] = *value;
    }
    out_.add(*label, frame_to_world(*frame_, x, out_.image()));
  }

 private:
  centroid_frame named_frame(std::string_view name) const {
    try {
      return parse_centroid_frame(name);
    } catch (const error&) {
      bad_data(out_.file(), "frame", "world-ras, world-lps, voxel, voxel-PIR or voxel-PIR-1mm",
               in_quotes(name));
    }
  }

  /// Takes a frame of the file. A frame that the caller gives is stronger.
  void states(const centroid_frame& frame) {
    if (frame_ == frame) return;
    if (!frame_)
      frame_ = frame;
    else if (out_.options().frame)
      out_.warn("frame", "the file states another one; the frame given is used");
    else
      bad_data(out_.file(), "frame", "one frame", "two that differ");
  }

  /// Takes the names of the columns, if these cells are names. Other columns are ignored.
  bool header(const std::vector<std::string>& cells) {
    std::vector<std::string> names;
    for (const auto& c : cells) names.push_back(lower_case(c));
    const auto find = [&](std::string_view name) {
      const auto at = std::find(names.begin(), names.end(), name);
      return at == names.end() ? -1 : static_cast<int>(at - names.begin());
    };
    const int label = find("label");
    constexpr const char* coordinates[] = {"xyz", "ras", "lps"};
    for (int kind = 0; kind < 3; ++kind) {
      std::array<int, 3> x{};
      for (std::size_t k = 0; k < 3; ++k) x[k] = find(std::string(1, coordinates[kind][k]));
      if (label < 0 || std::min({x[0], x[1], x[2]}) < 0) continue;
      label_ = label, x_ = x, defined_ = find("defined");
      if (kind > 0)
        states({kind == 1 ? centroid_frame::space::world_ras : centroid_frame::space::world_lps, {}, 0});
      return true;
    }
    if (label == 0) bad_data(out_.file(), "header", "columns label, x, y, z (or r, a, s; l, p, s)", "others");
    return false;
  }

  centroid_collector& out_;
  std::optional<centroid_frame> frame_;
  char separator_ = 0;
  int label_ = -1, defined_ = -1;  // columns, from 0
  std::array<int, 3> x_{};
};

/// A table as above. The caller gives the frame, or a comment "# frame: world-ras" or the names of the
/// columns do.
inline void read_centroid_table(std::string_view contents, centroid_collector& out) {
  if (contents.starts_with("\xef\xbb\xbf")) contents.remove_prefix(3);
  if (contents.starts_with("\xff\xfe") || contents.starts_with("\xfe\xff"))
    bad_data(out.file(), "text", "UTF-8",
             "UTF-16, as \"Unicode text\" of a spreadsheet: save it as CSV (UTF-8)");
  centroid_table table(out);
  line_scanner lines(contents);
  for (std::string_view line; lines.next(line);) {
    if (trimmed(line).empty()) continue;
    if (trimmed(line).starts_with('#'))
      table.comment(trimmed(line).substr(1));
    else
      table.row(line, lines.number());
  }
}

}  // namespace diffam::io::detail
