// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Warnings of centres whose names contradict the image.
#pragma once

#include <string>
#include <vector>

#include "fit/inputs.hpp"

namespace diffam::program {

/// One line for each run of neighbours whose names do not agree with ribs, sacrum or axis in the image. Takes
/// some tenths of a second of a processor.
std::vector<std::string> name_warnings(const fit_arguments& a, const fit_inputs& in);

}  // namespace diffam::program
