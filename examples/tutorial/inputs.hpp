// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What the programs of the tutorial begin with: a built-in vertebra, a generated CT, the part of a CT that a
// fit looks at; and what they end with: a Dice score. Compiled once for all of them.
#pragma once

#include <cstdint>
#include <vector>

#include "diffam/image/volume.hpp"
#include "diffam/mesh/mesh_stack.hpp"
#include "diffam/spine/centroid.hpp"

namespace tutorial {

namespace d = diffam;

inline constexpr int t12 = 19, l1 = 20, l2 = 21, l3 = 22, l4 = 23;  // labels of vertebrae, as VerSe has them

/// The built-in vertebra of a level, in mm and at its natural size: closed, the origin in the centre of the
/// body, x to the right, y forward, z up. 1,209 vertices; vertex k is the same place in every level.
d::triangle_mesh<double> vertebra(int label = l3);

/// A CT made by code, and its truth (spine/phantom.hpp).
struct generated_ct {
  d::volume<float> ct;            // HU
  d::volume<std::uint8_t> truth;  // labels
  d::spine::centroid_list centres;
};
/// Of the levels asked for, which are neighbours, from head to foot.
generated_ct make_ct(const std::vector<int>& levels);

/// The voxels within 40 mm of the meshes, resampled to 1 mm; intensities from -200 to 700 HU become 0 to 1.
/// Positions are relative to `origin` (mm, of the world).
d::masked_volume<float> image_around(const d::volume<float>& ct,
                                     const std::vector<d::triangle_mesh<double>>& meshes,
                                     const d::vec3<double>& origin);

/// The mesh with its lengths in units of the fit, 64 mm.
d::triangle_mesh<double> in_units(d::triangle_mesh<double> mesh);
/// The meshes of a stack, from vertices in units of 64 mm relative to `origin` to mm of the world.
std::vector<d::triangle_mesh<double>> in_world(const d::mesh_stack& stack, d::view<const float> vertices,
                                               const d::vec3<double>& origin);

/// Dice scores of closed meshes (mm, in the world) against the truth, one a label; 1 is perfect.
std::vector<double> dice(const std::vector<d::triangle_mesh<double>>& meshes, const std::vector<int>& labels,
                         const d::volume<std::uint8_t>& truth);

}  // namespace tutorial
