// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What a run writes, known before it begins: nothing is started that cannot be finished, nothing is lost.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace diffam::program {

/// The name that results share: the file's name without folder, `.nii`, `.gz` and `_ct`.
std::string case_name(const std::filesystem::path& ct);

/// Where the results of a fit go.
struct fit_files {
  fit_files(const std::filesystem::path& folder, const std::string& name,
            const std::vector<std::string>& vertebrae);

  std::filesystem::path folder, mesh_folder;
  std::filesystem::path mask, centres, markups, report, snapshot, label_names, curve_table, curve_plot;
  std::vector<std::filesystem::path> meshes;  // one per vertebra
  std::filesystem::path checkpoint;           // while the run is not done
  std::filesystem::path preview;

  /// All but checkpoint and preview.
  std::vector<std::filesystem::path> results() const;
};

/// Throws `error`: usage where an output is also an input, cannot_create where an output is there and is not
/// to be replaced, or is a folder.
void require_free(const std::vector<std::filesystem::path>& outputs,
                  const std::vector<std::filesystem::path>& inputs, bool overwrite);

/// Throws `error` (cannot_create) where the folder is not there and could not be made, or is not writable.
/// Makes nothing.
void require_creatable_folder(const std::filesystem::path& folder);

}  // namespace diffam::program
