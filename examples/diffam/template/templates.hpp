// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Which mesh each vertebra starts from: one for all, or one for each level.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "diffam/spine/template.hpp"

namespace diffam::program {

/// The files that `-t` means: a folder stands for the meshes in it that are named for a level, by name.
/// Throws `error` where a folder has none.
std::vector<std::filesystem::path> template_files(const std::vector<std::filesystem::path>& given);

/// Reads and checks the files, at least one. One file serves all levels; of several, each is named for its
/// level at the end: `L1.ply`, `mean_L1.ply`, `20.off`, `average_20.off`. Where their faces differ, one mesh
/// is fitted to those that `labels` need, with a warning (seconds each). Throws `error`.
spine::template_set read_templates(const std::vector<std::filesystem::path>& files,
                                   const std::vector<int>& labels, int threads,
                                   std::vector<std::string>& warnings);

/// The level that a file is named for; 0 for none.
int label_of_file(const std::filesystem::path& file);

}  // namespace diffam::program
