// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
// The work on one scan: its fit, then its scores where there is a truth.
#pragma once

#include "cohort/children.hpp"
#include "cohort/record.hpp"

namespace diffam::program {

/// Whether all results are written, by the exit code of a fit.
bool has_all_results(int code);

/// The command of a scan's fit.
std::vector<std::string> fit_command(const cohort_arguments& a, const scan_files& scan);

/// The commands of a scan, and what came of them.
class scan_run {
 public:
  scan_run(const cohort_arguments& a, const scan_files& scan) : a_(a), scan_(scan) {}

  /// As `child_chain`. Writes the record at the end; where that fails, a scan that is done counts as failed.
  /// Throws `error` (usage) where the options of fit are wrong.
  std::optional<child_command> next(const child_end* last);

  const scan_record& record() const { return record_; }
  bool over() const { return over_; }

 private:
  std::filesystem::path log() const { return a_.output / scan_.log(); }
  std::filesystem::path scores() const { return a_.output / scan_.result("_scores.json"); }
  std::string reason_of(const child_end& last) const;
  std::optional<child_command> first();
  std::optional<child_command> scoring();
  std::optional<child_command> end();
  void remove_part() const;  // the files of a fit that could not write them all: room for other scans

  const cohort_arguments& a_;
  const scan_files& scan_;
  scan_record record_;
  bool scoring_ = false, over_ = false;
};

}  // namespace diffam::program
