// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Writes the results of a fit to files. The report is written last, so its existence means that all files
// exist.
#pragma once

#include "console.hpp"
#include "fit/arguments.hpp"
#include "fit/inputs.hpp"
#include "fit/run_record.hpp"
#include "output_files.hpp"

namespace diffam::program {

/// Writes all results, and flags vertebrae of low confidence in `result`. Returns the facts of each vertebra.
/// Throws `error`.
std::vector<mask_facts> write_results(const fit_arguments& a, const fit_inputs& in, const fit_files& files,
                                      const spine::fit_options& options, spine::fit_result& result,
                                      run_record& record);

/// Writes the picture of a start or a result. `labels` may be null.
void write_snapshot(const std::filesystem::path& file, const volume_view<float>& ct,
                    const std::vector<spine::fitted_vertebra>& vertebrae,
                    const volume_part<std::uint8_t>* labels, const std::string& title);

}  // namespace diffam::program
