// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Fits a mesh to another shape: first by a similarity, then vertex by vertex.
#pragma once

#include "diffam/spine/template/align_shapes.hpp"
#include "diffam/spine/template/fit_connectivity.hpp"

namespace diffam::spine::detail {

/// Aligns `mesh` with the shape whose signed distance is `wanted` (mm, exact within `near.reach`), then fits
/// its vertices to that shape.
template <exec::policy Host>
triangle_mesh<double> carried_onto(const Host& e, triangle_mesh<double> mesh, const volume<float>& wanted,
                                   const align_params& near, const fit_connectivity_params& fit) {
  const auto found = align({distance_volume(e, mesh, wanted.geometry, {.reach = near.reach}), wanted}, near);
  for (auto& v : mesh.vertices) v = found[1](found[0].inverse(v));
  return fit_connectivity(e, mesh, wanted, fit);
}

}  // namespace diffam::spine::detail
