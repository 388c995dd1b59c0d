// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// sdf: signed distances with every way of telling the inside, to a mesh and to a scene.
#include "cuda/device.cuh"
#include "diffam/sdf/mesh_distance.hpp"
#include "diffam/sdf/points.hpp"
#include "diffam/sdf/scene_distance.hpp"

namespace diffam {

template class mesh_distance<float, test::device, exact_winding>;
template class mesh_distance<float, test::device, barnes_hut_winding>;
template class mesh_distance<double, test::device, pseudo_normal>;
template class scene_distance<float, test::device, barnes_hut_winding, surface_cloud<float, test::device>>;

}  // namespace diffam
