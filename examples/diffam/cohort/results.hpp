// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The results of scans, read back from their files.
#pragma once

#include <map>

#include "cohort/record.hpp"
#include "cohort/scans.hpp"

namespace diffam::program {

/// One vertebra of a scan, of the fit or of the truth alone. Numbers that are not known are NaN.
struct vertebra_result {
  std::string name;
  int label = 0;        // VerSe
  bool fitted = false;  // false: only the truth has it
  double confidence;
  double dice, hd95, mean_distance;  // against the truth; mm
  std::vector<std::string> flags;
  std::map<std::string, std::string> measures;  // by the columns of NAME_measures.csv
};

struct scan_result {
  scan_files scan;
  scan_state state = scan_state::not_run;
  scan_record record;
  std::vector<vertebra_result> vertebrae;  // from head to foot
  std::vector<std::string> measure_columns, warnings;
  std::string preset, settings, version;  // settings as JSON
  bool scored = false;

  /// The least confidence; infinite where no vertebra has one.
  double lowest_confidence() const;
  /// The mean over the vertebrae of the truth; NaN without a truth.
  double mean_dice() const;
};

/// Reads what is there of a scan. A file that cannot be read makes the scan failed, with its reason.
scan_result read_result(const std::filesystem::path& output, const scan_files& scan);

}  // namespace diffam::program
