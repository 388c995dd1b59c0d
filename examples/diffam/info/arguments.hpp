// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Arguments of `diffam info`.
#pragma once

#include <filesystem>

#include "diffam/io/volume_file.hpp"

namespace diffam::program {

struct info_arguments {
  std::filesystem::path file;
  io::dicom_options dicom;
};

}  // namespace diffam::program
