// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Arguments of `diffam phantom`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "diffam/spine/phantom.hpp"

namespace diffam::program {

struct phantom_arguments {
  std::filesystem::path output;
  std::string name = "phantom";
  std::string levels = "L1-L5";
  std::vector<double> spacing{1, 1, 1.5};
  double noise = spine::phantom_params{}.noise;
  std::uint64_t seed = 1;
  int threads = 0;
  bool sagittal = false, overwrite = false;
};

}  // namespace diffam::program
