// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Facts about a run, collected while it runs and written to report.json.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "diffam/spine/fit_options.hpp"
#include "diffam/spine/fit_result.hpp"

namespace diffam::program {

/// Facts about a run, except for its result.
struct run_record {
  std::filesystem::path ct, centres;
  std::vector<std::filesystem::path> templates;  // empty: the built-in templates
  std::string preset, device;
  int threads = 0;
  std::string labels;    // numbering of the mask
  double hu_offset = 0;  // subtracted from the voxels of the file
  index_t planned_bytes = 0;
  std::uint64_t resumed_at = 0;  // iteration at which this process began
  double seconds_reading = 0, seconds_preparing = 0, seconds_fitting = 0, seconds_writing = 0;
  std::vector<std::string> warnings;
};

/// One vertebra in the label volume, and how far to trust it.
struct mask_facts {
  int value = 0;  // its number in the mask
  index_t voxels = 0;
  double confidence = 0;  // see measure/confidence.hpp; NaN: the image shows nothing of it
  double falling_edges = 0, edge_offset = 0;  // what the confidence follows from; mm
};

/// The learned appearance at the distances of `result.curve_distance_mm`, HU.
std::vector<double> curve_in_hu(const spine::fit_result& result, const spine::fit_options& o);

/// The report as JSON text. `facts` has one entry for each vertebra of the result.
std::string report_text(const run_record& run, const spine::fit_options& options,
                        const spine::fit_result& result, const std::vector<mask_facts>& facts,
                        double voxel_mm3);

/// All settings as JSON text in a fixed order; also part of the run's fingerprint.
std::string settings_text(const spine::fit_options& options);

}  // namespace diffam::program
