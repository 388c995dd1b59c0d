// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The output files of a run. They are checked before the run begins, so that no run fails at its end or loses
// a file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "measure/files.hpp"

namespace diffam::program {

/// The common name of the results: the name of the CT's file or folder, without `_ct` and the
/// ending of its format.
std::string case_name(const std::filesystem::path& ct);

/// The paths of a fit's results.
struct fit_files {
  fit_files(const std::filesystem::path& folder, const std::string& name,
            const std::vector<std::string>& vertebrae, const std::string& mask_format = "nifti",
            bool with_page = true);

  std::filesystem::path folder, mesh_folder;
  std::filesystem::path mask, centres, markups, report, snapshot, label_names, curve_table, curve_plot;
  measure_files measures;
  std::vector<std::filesystem::path> meshes;  // one for each vertebra
  std::filesystem::path page;                 // the report to look at; empty: none
  std::filesystem::path viewer_mask;          // the mask in another format; empty: none
  std::filesystem::path checkpoint;           // exists only while the run is not done
  std::filesystem::path preview;

  /// All paths but those of checkpoint and preview.
  std::vector<std::filesystem::path> results() const;
};

/// Checks that all outputs can be written. Throws `error`: usage where an output is also an input;
/// cannot_create where an output exists and `overwrite` is false, or where it is not a regular file.
void require_free(const std::vector<std::filesystem::path>& outputs,
                  const std::vector<std::filesystem::path>& inputs, bool overwrite);

/// Throws `error` (cannot_create) where the folder is not writable, or does not exist and cannot be created.
/// Creates nothing.
void require_creatable_folder(const std::filesystem::path& folder);

}  // namespace diffam::program
