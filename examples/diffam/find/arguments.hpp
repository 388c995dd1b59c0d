// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Arguments of `diffam find`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "console.hpp"
#include "diffam/io/volume_file.hpp"

namespace diffam::program {

struct find_arguments {
  std::filesystem::path ct, output;
  std::vector<std::string> pins;             // LEVEL=x,y,z
  std::string centroid_frame = "world-ras";  // of the pins
  io::dicom_options dicom = {};
  int threads = 0;
  bool overwrite = false, quiet = false, verbose = false;

  verbosity level() const {
    return quiet ? verbosity::quiet : verbose ? verbosity::verbose : verbosity::normal;
  }
};

}  // namespace diffam::program
