// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads the bytes of NIfTI files that have to be refused or accepted.
#pragma once

#include <limits>

#include "diffam/io/nifti.hpp"
#include "raw_nifti.hpp"

namespace diffam::test {

inline constexpr float nan_f = std::numeric_limits<float>::quiet_NaN();
inline constexpr float inf_f = std::numeric_limits<float>::infinity();

inline void refuse(const scratch_folder& folder, const std::string& bytes, const std::string& phrase,
                   error_kind kind = error_kind::bad_data, const io::volume_options& options = {}) {
  const io::path file = folder.put("in.nii", bytes);
  io::warning_list warnings;
  require_error(kind, phrase, [&] { io::read_nifti(file, warnings, options); });
}

inline io::nifti_image accept(const scratch_folder& folder, const std::string& bytes,
                              const std::string& warning = "") {
  const io::path file = folder.put("in.nii", bytes);
  io::warning_list warnings;
  io::nifti_image image = io::read_nifti(file, warnings);
  for (const auto& w : warnings) INFO(w);
  CHECK((warning.empty() ? warnings.empty() : has_warning(warnings, warning)));
  return image;
}

}  // namespace diffam::test
