// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads label volumes from NIfTI files of any scalar type. Every voxel must be a whole number, also in files
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

/// Reads a whole file as labels. Throws `error`: missing_input where the file cannot be read, bad_data where
/// a voxel is not a whole number in the range of `T`.
template <class T = std::uint16_t>  // std::uint8_t or std::uint16_t
nifti_label_image<T> read_nifti_labels(const path& file, warning_list& warnings,
                                       const nifti_options& options = {}) {
  static_assert(std::is_same_v<T, std::uint8_t> || std::is_same_v<T, std::uint16_t>);
  nifti_reader in(file, warnings);
  const grid& g = in.header().geometry;
  detail::require_memory(file, g, sizeof(T), options.max_bytes);
  nifti_label_image<T> out{volume<T>(g), in.header()};
  std::size_t next = 0;
  detail::visit_rows(in, [&](std::span<const double> row, index_t i, index_t j, index_t k) {
    for (const double value : row) {
      if (!(value >= 0 && value <= std::numeric_limits<T>::max() && value == std::floor(value)))
        bad_data(file, "data",
                 "whole numbers from 0 to " + detail::text(static_cast<int>(std::numeric_limits<T>::max())),
                 detail::text(value) + " in row (" + detail::text(i) + "..., " + detail::text(j) + ", " +
                     detail::text(k) + ")");
      out.labels.voxels[next++] = static_cast<T>(value);
    }
  });
  in.finish(warnings);
  return out;
}

}  // namespace diffam::io
