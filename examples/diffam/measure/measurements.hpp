// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Measures fitted vertebrae and writes the results.
#pragma once

#include <optional>

#include "diffam/io/nifti.hpp"
#include "diffam/measure/confidence.hpp"
#include "diffam/measure/voxels.hpp"
#include "measure/files.hpp"

namespace diffam::program {

/// Vertebrae to be measured, from head to foot.
struct measured_meshes {
  std::vector<int> labels;
  std::vector<triangle_mesh<double>> meshes;  // world mm
  std::vector<spine::template_anatomy> anatomies;
  std::vector<double> moved;                     // mm from the given centre to that of the fit
  std::vector<measure::surface_edges> evidence;  // for the confidence: edges before the last stage of the fit
};

/// What was measured of them.
struct measured_spine {
  std::vector<measure::measured_vertebra> vertebrae;
  std::vector<measure::surface_edges> edges;  // of each vertebra; empty without a CT
};

/// Parts and landmarks for the templates of these labels. `builtin`: the templates are the built-in ones;
/// else parts and landmarks are carried to them, which takes seconds.
std::vector<spine::template_anatomy> anatomies_of(const spine::template_set& templates,
                                                  const std::vector<int>& labels, bool builtin, int threads);

/// Measures the vertebrae, writes all files, and returns the measurements. `masks`: label volume with VerSe
/// numbers. `ct`: may hold a part of the image, or be absent; then there are no densities and no confidence.
/// `header`: that of the CT or of the mask.
measured_spine write_measurements(const measured_meshes& spine, const volume_part<std::uint8_t>& masks,
                                  const std::optional<volume_view<float>>& ct, const io::nifti_header& header,
                                  const measure_files& files, int threads);

}  // namespace diffam::program
