// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The results of an earlier fit, read back from its folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "diffam/image/synthesis.hpp"
#include "diffam/measure/confidence.hpp"
#include "diffam/mesh/triangle_mesh.hpp"
#include "diffam/spine/centroid.hpp"

namespace diffam::program {

struct earlier_fit {
  std::filesystem::path mask;
  std::string name;  // of the case
  std::vector<int> labels;
  std::vector<triangle_mesh<double>> meshes;
  spine::centroid_list centres;  // world mm
  std::vector<double> moved;     // mm from the given centres
  std::vector<measure::surface_edges> evidence;
  distance_curve appearance;  // HU; empty in the report of an earlier version
  bool one_template = false, totalseg = false;
  double hu_offset = 0;  // that the fit subtracted from the voxels of the CT
};

/// Reads `report.json` and the meshes. Throws `error` that names the file.
earlier_fit read_earlier_fit(const std::filesystem::path& folder, std::vector<std::string>& warnings);

/// The appearance of a fit in this folder. Throws `error` (bad data) where the report has none.
distance_curve appearance_of(const earlier_fit& fit, const std::filesystem::path& folder);

}  // namespace diffam::program
