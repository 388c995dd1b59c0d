// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The level participant: a fit for each scan, and its scores where there is a truth.
#pragma once

#include "cohort/scans.hpp"
#include "diffam/core/config.hpp"

namespace diffam::program {

/// Runs the scans side by side, and prints a table at the end. A failed scan is recorded and the rest goes
/// on. Returns the exit code: of the scans that failed where they have one code, else that of bad data.
/// Throws `error`: cannot_create where results are there already, or `a.output` cannot be written.
int run_participants(const cohort_arguments& a, const std::vector<scan_files>& scans);

/// Prints a table of the scans: name, state, the memory that its fit will have at once, files.
/// Writes nothing to `a.output`.
int plan_participants(const cohort_arguments& a, const std::vector<scan_files>& scans);

/// Bytes that the fit of each scan will have at once, as `diffam fit --dry-run` says; 0 where that fails. A
/// wrong command line (`a.fit_options`) throws `error` (usage).
std::vector<index_t> memory_of(const cohort_arguments& a, const std::vector<scan_files>& scans, int at_once);

}  // namespace diffam::program
