// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Finds a Python for the scripts with which tests write files of other programs.
#pragma once

#include <cstdlib>
#include <string>

#include "support/catch.hpp"

namespace diffam::test {

/// A Python interpreter that can import these modules; empty, with a warning, if there is none.
inline std::string python_with(const std::string& modules) {
  for (const char* name : {"python3", "/usr/bin/python3"})
    if (std::system((std::string(name) + " -c 'import " + modules + "' >/dev/null 2>&1").c_str()) == 0)
      return name;
  WARN("SKIPPED: no python3 with " + modules);
  return {};
}

/// `save(dataset, file)` writes a DICOM file with pydicom 2 (Debian 12 has 2.3) or 3.
inline const std::string dicom_saver = R"(
def save(d, file):
    try:
        d.save_as(file, enforce_file_format=True)
    except TypeError:
        syntax = d.file_meta.TransferSyntaxUID
        d.is_little_endian, d.is_implicit_VR = syntax.is_little_endian, syntax.is_implicit_VR
        d.save_as(file, write_like_original=False)
)";

}  // namespace diffam::test
