// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The CT around the vertebrae for the report: cubic voxels along the axes of the world, 8 bits, as JPEG
// pictures of axial slices. The page makes all other sections from them.
#pragma once

#include <string>
#include <vector>

#include "diffam/image/volume_part.hpp"
#include "diffam/mesh/triangle_mesh.hpp"
#include "pictures/spine_section.hpp"

namespace diffam::program {

/// Options of `slices_around`.
struct ct_slices_options {
  intensity_window window{};
  double margin = 15;             // mm around the meshes
  double least_spacing = 0.75;    // mm
  index_t most_voxels = 9 << 20;  // the spacing grows until there are no more
  index_t most_bytes = 3 << 20;   // of all pictures; the spacing grows until they fit
  int slices_a_picture = 16;
  int quality = 75;  // of JPEG
};

/// Axial slices as pictures: several slices a picture, one below the other, the lowest slice first. The rows
/// of a slice go along y, its columns along x.
struct ct_slices {
  grid geometry;  // axes along x, y, z of the world
  int slices_a_picture = 0;
  std::vector<std::string> pictures;  // JPEG

  index_t bytes() const;
};

/// The slices around meshes (world mm), at least one. Voxels outside of the CT, and those that it does not
/// keep, are black. Empty where the CT keeps no voxel near a mesh. The same bytes for any number of threads.
ct_slices slices_around(const volume_view<float>& ct, const std::vector<triangle_mesh<double>>& meshes,
                        int threads, const ct_slices_options& options = {});

}  // namespace diffam::program
