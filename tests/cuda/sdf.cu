// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// sdf: signed distances to a mesh and to a scene, with every sign policy.
#include "diffam/exec/cuda.cuh"
#include "diffam/sdf/mesh_distance.hpp"
#include "diffam/sdf/points.hpp"
#include "diffam/sdf/scene_distance.hpp"

namespace diffam {

template class mesh_distance<float, exec::cuda, exact_winding>;
template class mesh_distance<float, exec::cuda, barnes_hut_winding>;
template class mesh_distance<double, exec::cuda, pseudo_normal>;
template class scene_distance<float, exec::cuda, barnes_hut_winding, surface_cloud<float, exec::cuda>>;

}  // namespace diffam
