// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Arguments of `diffam eval`.
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
