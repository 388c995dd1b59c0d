// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A cohort in numbers, and in the sentences of a methods section.
#pragma once

#include "cohort/results.hpp"

namespace diffam::program {

/// Counts over all scans of a cohort.
struct cohort_summary {
  int done = 0, failed = 0, not_finished = 0, not_run = 0;  // scans
  int vertebrae = 0, flagged = 0, doubtful = 0;  // fitted; with a flag; with a confidence below 0.5
  int scans_to_look_at = 0;                      // with a flagged vertebra
};

cohort_summary summarise(const std::vector<scan_result>& results);

/// A methods paragraph with its references, as Markdown. `layout` is that of `scan_list`.
std::string methods_text(const std::vector<scan_result>& results, const std::string& layout);

/// The table cohort.csv: a row for each vertebra, and one for each scan without a result.
std::string cohort_csv(const std::vector<scan_result>& results);

}  // namespace diffam::program
