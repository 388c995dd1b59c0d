// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The picture of a search: sections along the spine with the canal, the bodies' centres, their names, and
// what the names hold on.
#pragma once

#include "diffam/image/volume_part.hpp"
#include "diffam/spine/find.hpp"
#include "pictures/canvas.hpp"

namespace diffam::program {

/// At least one vertebra; of the CT, the voxels of `voxels_shown`.
canvas draw_finding(const volume_view<float>& ct, const spine::spine_finding& found,
                    const std::string& title);

}  // namespace diffam::program
