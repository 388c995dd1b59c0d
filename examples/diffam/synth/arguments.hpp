// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Arguments of `diffam synth`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "diffam/image/synthesis.hpp"
#include "diffam/io/volume_file.hpp"

namespace diffam::program {

struct synth_arguments {
  std::filesystem::path results;     // folder of an earlier fit
  std::filesystem::path like;        // volume whose grid the image has; empty: that of the fit's mask
  std::filesystem::path background;  // CT on that grid; empty: plain
  io::dicom_options dicom = {};
  std::filesystem::path output;  // NIfTI file
  std::vector<double> spacing;   // voxel sizes in mm along i, j, k; empty: those of the grid
  synthesis_params params{.noise = 15};
  int threads = 0;
  bool overwrite = false;
};

}  // namespace diffam::program
