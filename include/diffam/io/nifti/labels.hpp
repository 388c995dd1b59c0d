// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads label volumes from NIfTI files of any scalar type. Labels are whole numbers, also in files
// of floats.
#pragma once

#include "diffam/io/nifti/read.hpp"

namespace diffam::io {

/// Labels with the header of their file.
template <class T>
struct nifti_label_image {
  volume<T> labels;
  nifti_header header;
};

/// Reads a whole file as labels, as `read_labels` does. Throws `error`: missing_input where the file cannot
/// be read, bad_data where a voxel lies between two whole numbers.
template <class T = std::uint16_t>  // std::uint8_t or std::uint16_t
nifti_label_image<T> read_nifti_labels(const path& file, warning_list& warnings,
                                       const volume_options& options = {}) {
  nifti_reader in(file, warnings, options.form);
  volume<T> labels = read_labels<T>(in, warnings, options);
  return {std::move(labels), in.header()};
}

}  // namespace diffam::io
