// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The options of each command, for the command line. Each function adds a command to `app`; when that command
// is given, `chosen` becomes the function that runs it.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "diffam/io/volume_file.hpp"

namespace diffam::program {

using action = std::function<int()>;

void add_cohort_command(CLI::App& app, action& chosen);
void add_measure_command(CLI::App& app, action& chosen);
void add_phantom_command(CLI::App& app, action& chosen);
void add_synth_command(CLI::App& app, action& chosen);
void add_template_command(CLI::App& app, action& chosen);

inline constexpr const char* any_volume =
    "volume: NIfTI, NRRD, MetaImage, or DICOM (a folder, a zip archive of one, or a file of a series)";

inline void add_dicom_options(CLI::App& app, io::dicom_options& dicom) {
  app.add_option("--series", dicom.series, "DICOM: the series to read, by its number in the list or its UID");
  app.add_flag("--fill-gaps", dicom.fill_gaps, "DICOM: interpolate missing slices");
  app.add_flag("--force-modality", dicom.force_modality, "DICOM: read a series that is no CT");
}

/// The corresponding check of CLI11 also names the largest 64-bit number in its message.
inline CLI::Validator not_negative() {
  return {[](std::string& text) {
            return text.starts_with('-') ? "expected 0 or more, got " + text : std::string();
          },
          "NONNEGATIVE"};
}

}  // namespace diffam::program
