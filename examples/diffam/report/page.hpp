// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The report of a fit: one HTML file that needs no network.
#pragma once

#include "report/contents.hpp"

namespace diffam::program {

/// The page. `with_3d`: whether it has the viewer of meshes, if that is part of this build.
std::string report_page(const report_contents& c, bool with_3d);

}  // namespace diffam::program
