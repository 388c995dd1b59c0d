// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A mesh brought onto another shape: first as a whole, then vertex by vertex.
#pragma once

#include "diffam/spine/template/align_shapes.hpp"
#include "diffam/spine/template/fit_connectivity.hpp"

namespace diffam::spine::detail {

/// `mesh` with the similarity that brings it closest to the shape of signed distance `wanted` (mm, exact
/// within `near.reach`), and fitted to it.
template <exec::policy Host>
triangle_mesh<double> carried_onto(const Host& e, triangle_mesh<double> mesh, const volume<float>& wanted,
                                   const align_params& near, const fit_connectivity_params& fit) {
  const auto found = align({distance_volume(e, mesh, wanted.geometry, {.reach = near.reach}), wanted}, near);
  for (auto& v : mesh.vertices) v = found[1](found[0].inverse(v));
  return fit_connectivity(e, mesh, wanted, fit);
}

}  // namespace diffam::spine::detail
