// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The level group: one table, one page, one figure and one text of all scans, also of a run that is not
// finished.
#pragma once

#include "cohort/scans.hpp"

namespace diffam::program {

/// Writes cohort.csv, cohort.html, methods.md and, where there are scores, dice.svg to `a.output`. Returns
/// the exit code: that of low confidence where a vertebra is below `a.fail_below`. Throws `error` where a
/// file cannot be written.
int run_group(const cohort_arguments& a, const scan_list& found);

}  // namespace diffam::program
