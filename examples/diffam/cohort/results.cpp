// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads report.json, NAME_measures.csv and NAME_scores.json of a scan.
#include "cohort/results.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cohort/csv.hpp"
#include "diffam/spine/labels.hpp"
#include "json_text.hpp"

namespace fs = std::filesystem;

namespace diffam::program {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double number(const json& from, const char* name) {
  const auto at = from.find(name);
  return at != from.end() && at->is_number() ? at->get<double>() : nan;
}

vertebra_result named(const std::string& name) {
  return {name, spine::label_from_name(name).value_or(0), false, nan, nan, nan, nan, {}, {}};
}

void add_fit(scan_result& r, const json& report) {
  r.version = report.at("version").get<std::string>();
  r.preset = report.at("preset").get<std::string>();
  r.settings = json_line(report.at("settings"));
  r.warnings = report.at("warnings").get<std::vector<std::string>>();
  for (const json& v : report.at("vertebrae")) {
    vertebra_result one = named(v.at("name").get<std::string>());
    one.fitted = true;
    one.confidence = number(v, "confidence");
    one.flags = v.at("flags").get<std::vector<std::string>>();
    r.vertebrae.push_back(std::move(one));
  }
}

vertebra_result& vertebra_of(scan_result& r, const std::string& name) {
  const auto at = std::find_if(r.vertebrae.begin(), r.vertebrae.end(),
                               [&](const vertebra_result& v) { return v.name == name; });
  return at != r.vertebrae.end() ? *at : r.vertebrae.emplace_back(named(name));
}

void add_scores(scan_result& r, const json& scores) {
  r.scored = true;
  for (const json& s : scores.at("labels")) {
    if (!s.at("in_truth").get<bool>()) continue;
    vertebra_result& v = vertebra_of(r, s.at("name").get<std::string>());
    v.dice = number(s, "dice");
    v.hd95 = number(s.at("surface"), "hd95_mm");
    v.mean_distance = number(s.at("surface"), "mean_mm");
  }
  std::stable_sort(r.vertebrae.begin(), r.vertebrae.end(),
                   [](const vertebra_result& a, const vertebra_result& b) {
                     return spine::anatomical_rank(a.label) < spine::anatomical_rank(b.label);
                   });
}

void add_measures(scan_result& r, const csv_table& table) {
  const auto name = table.find("name");
  for (const auto& column : table.columns)
    if (column != "label" && column != "name" && column != "confidence") r.measure_columns.push_back(column);
  for (const auto& row : table.rows)
    for (std::size_t c = 0; c < row.size() && name; ++c)
      vertebra_of(r, row[*name]).measures[table.columns[c]] = row[c];
}

}  // namespace

double scan_result::lowest_confidence() const {
  double least = std::numeric_limits<double>::infinity();
  for (const auto& v : vertebrae)
    if (v.fitted) least = std::min(least, std::isnan(v.confidence) ? 0 : v.confidence);
  return least;
}

double scan_result::mean_dice() const {
  double sum = 0;
  int count = 0;
  for (const auto& v : vertebrae)
    if (!std::isnan(v.dice)) sum += v.dice, ++count;
  return count > 0 ? sum / count : nan;
}

scan_result read_result(const fs::path& output, const scan_files& scan) {
  scan_result r;
  r.scan = scan;
  r.state = state_of(output, scan);
  r.record = read_record(output, scan);
  if (r.state != scan_state::done) return r;
  try {
    std::error_code ignored;
    read_result_object(output / scan.folder() / "report.json", [&](const json& j) { add_fit(r, j); });
    add_measures(r, read_csv(output / scan.result("_measures.csv")));
    const fs::path scores = output / scan.result("_scores.json");
    if (fs::exists(scores, ignored)) read_result_object(scores, [&](const json& j) { add_scores(r, j); });
  } catch (const std::exception& e) {
    r.state = scan_state::failed;
    r.record.code = 65;
    r.record.recorded = true;
    r.record.reason = e.what();
    r.vertebrae.clear();
  }
  return r;
}

}  // namespace diffam::program
