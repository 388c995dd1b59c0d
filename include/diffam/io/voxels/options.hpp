// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The options of all readers of volumes.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "diffam/io/voxels/stream.hpp"

namespace diffam::io {

/// Options for DICOM series; other formats ignore them.
struct dicom_options {
  std::string series = {};      // number in the list of series, from 1, or UID; empty: the only CT series
  bool fill_gaps = false;       // interpolate missing slices
  bool force_modality = false;  // take a series that is no CT
};

/// Options of the readers.
struct volume_options {
  index_t max_bytes = index_t{8} << 30;  // limit for the whole volume, also where only a part is kept
  bool require_contrast = false;         // refuse a file in which all voxels are equal
  bool intensities = false;              // a CT is expected: refuse segmentations
  /// The number in the mask of a segment that is named after a vertebra with this VerSe label; none: its own.
  std::function<std::optional<int>(int)> label_number = [](int label) { return std::optional(label); };

  dicom_options dicom = {};
  /// `open_dicom` of diffam/io/dicom.hpp, which needs GDCM; empty: DICOM is refused.
  std::function<std::unique_ptr<voxel_stream>(const path&, warning_list&, const volume_options&)> open_dicom =
      {};
};

}  // namespace diffam::io
