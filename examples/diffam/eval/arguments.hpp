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
  std::filesystem::path centres, true_centres;  // both or neither
  std::filesystem::path meshes;                 // folder
  std::string labels = "verse", levels, centroid_frame;
  double spacing = 0;  // mm; 0: the voxels as they are
  int threads = 0;
  bool overwrite = false;
};

}  // namespace diffam::program
