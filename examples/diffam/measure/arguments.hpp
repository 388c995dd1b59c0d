// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Arguments of `diffam measure`.
#pragma once

#include <filesystem>
#include <vector>

#include "console.hpp"
#include "diffam/io/volume_file.hpp"

namespace diffam::program {

struct measure_arguments {
  std::filesystem::path results;  // folder of an earlier fit
  std::filesystem::path ct;       // empty: no densities
  io::dicom_options dicom = {};
  std::filesystem::path output;                  // empty: the folder of the results
  std::vector<std::filesystem::path> templates;  // of that fit; empty: built in
  int threads = 0;
  bool overwrite = false, quiet = false;
};

}  // namespace diffam::program
