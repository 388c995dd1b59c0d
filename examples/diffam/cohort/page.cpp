// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Packs the results into JSON, and fills the page.
#include "cohort/page.hpp"

#include <cmath>

#include "cohort/assets.hpp"
#include "json_text.hpp"
#include "report/assets.hpp"
#include "report/places.hpp"

namespace fs = std::filesystem;

namespace diffam::program {

namespace {

json number(double x) {
  return std::isfinite(x) ? json(std::round(x * 10000) / 10000) : json();
}

json scan_of(const scan_result& r, const fs::path& output) {
  std::error_code ignored;
  const auto link = [&](const fs::path& file) {
    return fs::exists(output / file, ignored) ? json(file.generic_string()) : json();
  };
  json vertebrae = json::array();
  for (const auto& v : r.vertebrae)
    vertebrae.push_back({v.name, v.fitted, number(v.confidence), number(v.dice), v.flags});
  return {{"name", r.scan.name()},
          {"state", state_name(r.state)},
          {"code", r.record.recorded ? json(r.record.code) : json()},
          {"reason", r.record.reason},
          {"not_scored", r.record.not_scored},
          {"seconds", number(r.record.seconds)},
          {"report", link(r.scan.result("_report.html"))},
          {"picture", link(r.scan.result("_snp.png"))},
          {"log", link(r.scan.log())},
          {"lowest", number(r.lowest_confidence())},
          {"dice", number(r.mean_dice())},
          {"warnings", r.warnings},
          {"vertebrae", std::move(vertebrae)}};
}

}  // namespace

std::string page_text(const cohort_page& page, const fs::path& output) {
  json scans = json::array();
  for (const auto& r : page.results) scans.push_back(scan_of(r, output));
  const json all{{"title", page.title}, {"scans", std::move(scans)}, {"methods", page.methods}};
  return fill_places(cohort_html, [&](std::string_view place) -> std::string {
    if (place == "kind") return "cohort";
    if (place == "pictures") return "'self' file: data:";  // where they may come from
    if (place == "style") return std::string(report_style) + std::string(cohort_style);
    if (place == "data") return for_script_element(json_line(all));
    if (place == "plot")
      return page.dice_plot.empty() ? "<p class=\"quiet\">No scan has a true mask.</p>" : page.dice_plot;
    return std::string(cohort_scripts);
  });
}

}  // namespace diffam::program
