// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What the report shows, as the JSON that its page reads.
#pragma once

#include <span>
#include <string>

#include "diffam/measure/chain.hpp"
#include "diffam/spine/fit_result.hpp"
#include "measure/measurements.hpp"
#include "report/ct_slices.hpp"

namespace diffam::program {

/// Results of a fit for the report. All entries of lists are vertebrae from head to foot.
struct report_contents {
  std::string name;              // of the case
  std::string run;               // the text of report.json
  const spine::fit_result& fit;  // its appearance curve, its vertebrae
  std::vector<double> curve_hu;  // intensities of the appearance curve
  const measured_meshes& meshes;
  const measured_spine& measured;
  const ct_slices& slices;
};

/// JSON that may stand in a `script` element. It has no times and no number of threads, so that equal results
/// give equal bytes.
std::string report_json(const report_contents& c);

}  // namespace diffam::program
