// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Arguments of `diffam template`, and its three tasks.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "diffam/core/config.hpp"

namespace diffam::program {

struct template_arguments {
  std::vector<std::filesystem::path> masks, centres;  // to average segmentations
  std::string labels;                                 // of the masks; empty: all
  bool per_label = false, keep_cut = false, keep_crushed = false;
  index_t vertices = 2700;
  std::filesystem::path connectivity;
  std::string level;  // to write built-in templates
  bool all = false;
  std::vector<std::filesystem::path> check;  // to check meshes
  std::filesystem::path json;
  std::filesystem::path output;
  int threads = 0;
  bool overwrite = false;
};

/// The three tasks. Each returns the exit code, or throws `error`.
int make_templates_from_masks(const template_arguments& a);
int write_builtin_templates(const template_arguments& a);
int check_templates(const template_arguments& a);

}  // namespace diffam::program
