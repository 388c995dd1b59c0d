// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Arguments of `diffam find`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "console.hpp"
#include "diffam/io/centroid_options.hpp"

namespace diffam::program {

struct find_arguments {
  std::filesystem::path ct, output;
  std::filesystem::path centres;  // named centres, or one point that a pin names; may be empty
  std::vector<std::string> pins;  // LEVEL=x,y,z, or LEVEL
  std::string centroid_frame;     // of the pins (empty: world-ras), and of a file that does not state its own
  io::label_numbering numbering = io::label_numbering::verse;  // of the centres
  int threads = 0;
  bool overwrite = false, quiet = false, verbose = false;

  std::vector<std::filesystem::path> inputs() const {
    return centres.empty() ? std::vector{ct} : std::vector{ct, centres};
  }
  verbosity level() const {
    return quiet ? verbosity::quiet : verbose ? verbosity::verbose : verbosity::normal;
  }
};

}  // namespace diffam::program
