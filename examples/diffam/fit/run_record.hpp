// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What a fit says about itself, gathered while it runs and written as report.json.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "diffam/spine/fit_options.hpp"
#include "diffam/spine/fit_result.hpp"

namespace diffam::program {

struct run_record {
  std::filesystem::path ct, centres;
  std::vector<std::filesystem::path> templates;  // none: the built-in one
  std::string preset, device;
  int threads = 0;
  std::string labels;  // numbering of the mask
  index_t planned_bytes = 0;
  std::uint64_t resumed_at = 0;  // iteration that this process began with
  double seconds_reading = 0, seconds_preparing = 0, seconds_fitting = 0, seconds_writing = 0;
  std::vector<std::string> warnings;
};

/// What each vertebra has become in the label volume.
struct mask_facts {
  int value = 0;  // in the mask, by its numbering
  index_t voxels = 0;
};

/// The report as JSON text. `facts` has one entry per vertebra of the result.
std::string report_text(const run_record& run, const spine::fit_options& options,
                        const spine::fit_result& result, const std::vector<mask_facts>& facts,
                        double voxel_mm3);

/// All settings as JSON text, in a fixed order: also what tells runs apart.
std::string settings_text(const spine::fit_options& options);

}  // namespace diffam::program
