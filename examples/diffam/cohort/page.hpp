// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The page of a cohort: one HTML file that needs no network. Pictures and reports of the scans stay where
// they are, and the page links to them.
#pragma once

#include "cohort/results.hpp"

namespace diffam::program {

/// What the page shows.
struct cohort_page {
  std::string title;
  const std::vector<scan_result>& results;
  std::string dice_plot;  // SVG; may be empty
  std::string methods;
};

std::string page_text(const cohort_page& page, const std::filesystem::path& output);

}  // namespace diffam::program
