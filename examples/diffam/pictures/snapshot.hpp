// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The picture that a person looks at first: a sagittal and a coronal section along the spine, the label
// volume as a tint, the meshes as contours, the vertebrae's names.
#pragma once

#include <string>

#include "canvas.hpp"
#include "diffam/image/volume.hpp"
#include "diffam/spine/fit_result.hpp"
#include "spine_section.hpp"

namespace diffam::program {

struct snapshot_options {
  std::string title;
  intensity_window window{};
  double height_px = 960;  // of the sections, about
};

/// `labels` may be null: contours only. At least one vertebra.
canvas draw_snapshot(const volume<float>& ct, const std::vector<spine::fitted_vertebra>& vertebrae,
                     const volume<std::uint8_t>* labels, const snapshot_options& options = {});

}  // namespace diffam::program
