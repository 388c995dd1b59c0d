// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The overview picture of a fit: a sagittal and a coronal section along the spine, with the label volume as a
// tint, the meshes as contours, and the names of the vertebrae.
#pragma once

#include <string>

#include "canvas.hpp"
#include "diffam/image/volume_part.hpp"
#include "diffam/spine/centroid.hpp"
#include "diffam/spine/fit_result.hpp"
#include "spine_section.hpp"

namespace diffam::program {

/// Options of `draw_snapshot`.
struct snapshot_options {
  std::string title;
  intensity_window window{};
  double height_px = 960;  // approximate height of the sections
};

/// Requires at least one vertebra. `labels` may be null; then only contours are drawn. Voxels of the CT that
/// are not kept are dark.
canvas draw_snapshot(const volume_view<float>& ct, const std::vector<spine::fitted_vertebra>& vertebrae,
                     const volume_part<std::uint8_t>* labels, const snapshot_options& options = {});

/// The voxels of a CT that a snapshot needs for vertebrae within `moved` mm of these centres.
voxel_box voxels_shown(const spine::centroid_list& centres, const grid& ct, double moved);

}  // namespace diffam::program
