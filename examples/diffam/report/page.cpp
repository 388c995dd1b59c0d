// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What stands at the places of the page.
#include "report/page.hpp"

#include "report/assets.hpp"
#include "report/places.hpp"

namespace diffam::program {

namespace {

/// What stands at a place of the page.
std::string content_of(std::string_view place, const report_contents& c, bool with_3d) {
  if (place == "kind") return "report";
  if (place == "pictures") return "data:";  // where they may come from
  if (place == "style") return std::string(report_style);
  if (place == "data") return report_json(c);
  if (place == "scripts") return std::string(report_scripts);
  if (place == "viewer" && with_3d) return std::string(three_script);
  if (place == "viewer_licence" && with_3d && !three_script.empty()) return std::string(three_licence);
  if (place == "no_viewer" && !with_3d) return "It was left out with --no-3d.";
  if (place == "no_viewer" && three_script.empty()) return "This build of diffam has no three.js.";
  return {};
}

}  // namespace

std::string report_page(const report_contents& c, bool with_3d) {
  return fill_places(report_html, [&](std::string_view place) { return content_of(place, c, with_3d); });
}

}  // namespace diffam::program
