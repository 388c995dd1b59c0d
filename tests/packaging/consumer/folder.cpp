// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A folder as CT: with diffam::dicom it is searched for DICOM, and without it one line says what is missing.
#include <diffam/io/volume_file.hpp>
#include <string>
#if defined(WITH_DICOM)
#include <diffam/io/dicom.hpp>
#endif

bool folder_is_told() {
  diffam::io::volume_options options;
  std::string expected = "DICOM needs GDCM";
#if defined(WITH_DICOM)
  options.open_dicom = diffam::io::open_dicom;
  expected = "expected DICOM images in this folder";
#endif
  diffam::io::warning_list warnings;
  try {
    diffam::io::read_volume(".", warnings, options);
  } catch (const diffam::error& e) {
    return std::string(e.what()).find(expected) != std::string::npos;
  }
  return false;
}
