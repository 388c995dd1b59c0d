// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads DICOM series of CT: a folder with subfolders, a zip archive of one, or a file of a series. Writes
// masks of a series as DICOM Segmentation. Needs GDCM, which decodes the files: link `diffam::dicom`. The
// stacking of the slices is ours.
//
//     volume_options options;
//     options.open_dicom = open_dicom;
//     const auto ct = open_volume(folder, warnings, options);
#pragma once

#include "diffam/io/dicom/seg.hpp"
#include "diffam/io/dicom/stream.hpp"

namespace diffam::io {

/// Opens a series: the one that `options.dicom` names, or the only CT. Throws `error`: missing_input where
/// nothing can be read, bad_data where the series is no sound volume, usage where there are several CTs.
inline std::unique_ptr<voxel_stream> open_dicom(const path& where, warning_list& warnings,
                                                const volume_options& options) {
  return std::make_unique<dicom_reader>(where, warnings, options);
}

/// One line for each series, in the order of their numbers; those that are no volumes come last. A file has
/// its own series alone. Empty where `where` is no folder, archive or file of DICOM. Throws `error`:
/// missing_input, bad_data.
inline std::vector<std::string> list_dicom(const path& where) {
  std::error_code unreadable;
  if (!std::filesystem::is_directory(where, unreadable)) {
    const detail::file_kind kind = detail::kind_of(where).kind;
    if (kind != detail::file_kind::dicom && kind != detail::file_kind::zip) return {};
  }
  detail::dicom_files files(where);
  std::vector<std::string> out;
  for (const auto& s : detail::all_series(detail::read_headers(files).slices))
    out.push_back(series_text(s) + ", " + s.first().series);
  return out;
}

}  // namespace diffam::io
