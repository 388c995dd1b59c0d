// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Writes cohort.csv.
#include <fmt/core.h>

#include <cmath>

#include "cohort/csv.hpp"
#include "cohort/summary.hpp"

namespace diffam::program {

namespace {

std::string cell(double x) {
  return std::isnan(x) ? "" : fmt::format("{:.4f}", x);
}

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const auto& part : parts) all += (all.empty() ? "" : "; ") + part;
  return all;
}

}  // namespace

std::string cohort_csv(const std::vector<scan_result>& results) {
  std::vector<std::string> measures;
  for (const auto& r : results)
    if (measures.empty()) measures = r.measure_columns;
  std::vector<std::string> head{"scan",   "subject",  "session", "state",           "code",
                                "reason", "vertebra", "label",   "fitted",          "confidence",
                                "flags",  "dice",     "hd95_mm", "mean_distance_mm"};
  head.insert(head.end(), measures.begin(), measures.end());
  std::string text = csv_line(head);
  for (const auto& r : results) {
    const std::vector<std::string> start{r.scan.name(),
                                         r.scan.subject,
                                         r.scan.session,
                                         state_name(r.state),
                                         !r.record.recorded ? "" : std::to_string(r.record.code),
                                         r.record.reason.empty() ? r.record.not_scored : r.record.reason};
    if (r.vertebrae.empty()) {
      std::vector<std::string> row = start;
      row.resize(head.size());
      text += csv_line(row);
    }
    for (const auto& v : r.vertebrae) {
      std::vector<std::string> row = start;
      for (const std::string& field :
           {v.name, std::to_string(v.label), std::string(v.fitted ? "1" : "0"), cell(v.confidence),
            joined(v.flags), cell(v.dice), cell(v.hd95), cell(v.mean_distance)})
        row.push_back(field);
      for (const auto& column : measures) {
        const auto at = v.measures.find(column);
        row.push_back(at == v.measures.end() ? "" : at->second);
      }
      text += csv_line(row);
    }
  }
  return text;
}

}  // namespace diffam::program
