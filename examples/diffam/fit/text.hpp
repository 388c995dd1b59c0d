// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Text of a fit on stdout: its plan (--dry-run), and a line for each vertebra at the end.
#pragma once

#include <string>

#include "fit/arguments.hpp"
#include "fit/inputs.hpp"
#include "fit/run_record.hpp"
#include "output_files.hpp"

namespace diffam::program {

/// Bytes that a run takes.
struct planned_memory {
  index_t fit = 0;     // the iterations
  index_t search = 0;  // the search for the centres, with the whole CT; 0: none
};

/// The plan of a fit for --dry-run.
std::string plan_text(const fit_arguments& a, const fit_inputs& in, const spine::fit_options& o,
                      const fit_files& files, const std::string& device, const planned_memory& memory);

/// One line for each vertebra: label, centre (world mm), volume, flags.
std::string result_text(const spine::fit_result& result, const std::vector<mask_facts>& facts,
                        const fit_files& files);

}  // namespace diffam::program
