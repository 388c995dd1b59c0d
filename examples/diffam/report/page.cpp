// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Fills the places {{name}} of the page.
#include "report/page.hpp"

#include "report/assets.hpp"

namespace diffam::program {

namespace {

/// What stands at a place of the page.
std::string content_of(std::string_view place, const report_contents& c, bool with_3d) {
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
  std::string page;
  std::string_view rest = report_html;
  for (std::size_t at = rest.find("{{"); at != rest.npos; at = rest.find("{{")) {
    const std::size_t end = rest.find("}}", at);
    page += rest.substr(0, at);
    page += content_of(rest.substr(at + 2, end - at - 2), c, with_3d);
    rest.remove_prefix(end + 2);
  }
  return page += rest;
}

}  // namespace diffam::program
