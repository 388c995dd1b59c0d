// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Arguments of `diffam cohort`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "console.hpp"

namespace diffam::program {

struct cohort_arguments {
  std::filesystem::path data, output;  // of the level export-nnunet: the results, the data set to write
  std::string level;                   // list, participant, group or export-nnunet

  std::vector<std::string> participants, sessions, scans;  // to run; empty: all
  std::vector<std::string> fit_options;                    // for each `diffam fit`
  std::optional<double> fail_below;                        // the least confidence with which the run succeeds
  double accept = 0.5;  // of export-nnunet: the least confidence of a vertebra
  int synthesize = 0;   // of export-nnunet: images made from each fit
  int jobs = 0;         // fits at the same time; 0: by cores and memory
  bool skip_existing = false, overwrite = false, dry_run = false;
  bool quiet = false, verbose = false;

  verbosity level_of_messages() const {
    return quiet ? verbosity::quiet : verbose ? verbosity::verbose : verbosity::normal;
  }
};

}  // namespace diffam::program
