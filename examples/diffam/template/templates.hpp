// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The templates of a fit: one mesh for all vertebrae, or one for each level.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "diffam/spine/template.hpp"
#include "owned_folder.hpp"

namespace diffam::program {

/// Expands the arguments of `-t`: a folder stands for all meshes in it whose name has a level, sorted by
/// name. Throws `error` where a folder has none.
std::vector<std::filesystem::path> template_files(const std::vector<std::filesystem::path>& given);

/// Reads and checks the files, at least one. A single file serves all levels. Several files must have their
/// level at the end of the name: `L1.ply`, `mean_L1.ply`, `20.off`, `average_20.off`. Where their faces
/// differ, one mesh is fitted to each of the others that `labels` need, with a warning (takes seconds for
/// each). Throws `error`.
spine::template_set read_templates(const std::vector<std::filesystem::path>& files,
                                   const std::vector<int>& labels, int threads,
                                   std::vector<std::string>& warnings);

/// The text of a template's self-intersections, a reason for a warning.
std::string crossings_text(std::size_t pairs);
/// Throws `error` (cannot_create) where a folder of templates would end up with levels of two runs: where it
/// has meshes named by level beside `files`, other than those of an earlier run that `overwrite` removes.
void require_no_other_templates(const std::filesystem::path& folder,
                                const std::vector<std::filesystem::path>& files, const owned_folder& owned,
                                bool overwrite);

/// The level in the name of a file; 0 if there is none.
int label_of_file(const std::filesystem::path& file);

}  // namespace diffam::program
