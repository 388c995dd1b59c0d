// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Where GDCM is installed: DICOM through the target diffam::dicom.
#include <diffam/io/dicom.hpp>
#include <diffam/io/volume_file.hpp>

diffam::volume<float> read_any_ct(const char* where) {
  diffam::io::volume_options options;
  options.open_dicom = diffam::io::open_dicom;
  diffam::io::warning_list warnings;
  return diffam::io::read_volume(where, warnings, options);
}
