// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// sdf: signed distances to a mesh and to a scene, with every sign policy.
#include "diffam/exec/cuda.cuh"
#include "diffam/sdf/mesh_distance.hpp"
#include "diffam/sdf/points.hpp"
#include "diffam/sdf/query/kernels.hpp"
#include "diffam/sdf/scene_distance.hpp"

namespace diffam {

template class mesh_distance<float, exec::cuda, exact_winding>;
template class mesh_distance<float, exec::cuda, barnes_hut_winding>;
template class mesh_distance<double, exec::cuda, pseudo_normal>;
template class scene_distance<float, exec::cuda, barnes_hut_winding, surface_cloud<float, exec::cuda>>;

/// Kernels for rays and winding numbers, which have no component.
void launch_queries(const exec::cuda& e, const detail::first_hit_kernel<float, float>& rays,
                    const detail::winding_kernel<float>& windings) {
  e.for_each_index(rays.origins.rows, rays);
  e.for_each_index(windings.points.rows, windings);
}

}  // namespace diffam
