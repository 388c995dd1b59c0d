// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What `diffam eval` was asked for.
#pragma once

#include <filesystem>
#include <string>

namespace diffam::program {

struct eval_arguments {
  std::filesystem::path prediction, truth, json;
  std::string labels = "verse", levels;
  int threads = 0;
  bool overwrite = false;
};

}  // namespace diffam::program
