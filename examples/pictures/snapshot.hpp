// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The picture that a person looks at first: a sagittal and a coronal section along the spine, the label
// volume as a tint, the meshes as contours, the vertebrae's names.
#pragma once

#include <string>

#include "canvas.hpp"
#include "diffam/image/volume_part.hpp"
#include "diffam/spine/centroid.hpp"
#include "diffam/spine/fit_result.hpp"
#include "spine_section.hpp"

namespace diffam::program {

struct snapshot_options {
  std::string title;
  intensity_window window{};
  double height_px = 960;  // of the sections, about
};

/// `labels` may be null: contours only. At least one vertebra. Voxels of the CT that are not kept are dark.
canvas draw_snapshot(const volume_view<float>& ct, const std::vector<spine::fitted_vertebra>& vertebrae,
                     const volume_part<std::uint8_t>* labels, const snapshot_options& options = {});

/// The voxels of a CT that a snapshot shows of vertebrae within `moved` mm of these centres.
voxel_box voxels_shown(const spine::centroid_list& centres, const grid& ct, double moved);

}  // namespace diffam::program
