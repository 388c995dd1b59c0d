// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Fits a mesh to a volume of signed distances D, so that many shapes share one connectivity. It uses the
// components of the spine fit. The vertices come from coefficients of the mesh's own eigenbasis and an affine
// map. Their signed distance at fixed points p_i is compared with D, and an edge loss penalises long edges:
//
//     coefficients -> spectral map -> sum( w_E edge, mesh distance -> mean |d(p_i) - D(p_i)| )
//
// Then the vertices move the remaining way to the zero of D, and slide towards the middle of their
// neighbours.
#pragma once

#include <cstdint>

#include "diffam/exec/policy.hpp"
#include "diffam/image/volume.hpp"
#include "diffam/mesh/triangle_mesh.hpp"

namespace diffam::spine {

/// Parameters of `fit_connectivity`.
struct fit_connectivity_params {
  std::uint64_t iterations = 300;
  index_t points = 15000;     // points at which distances are compared
  double band_mm = 8;         // distance of the points to the start or to the wanted surface, at most
  int modes = 150;            // modes of the eigenbasis
  double edge_weight = 0.02;  // for vertices in units of 64 mm, as in the spine fit
  double rate = 0.01;         // of the affine map; 5 times this for coefficients; decays to 5 %
  int snaps = 20;             // steps onto the zero of D; up to four times as many where faces intersect
  std::uint64_t seed = 1;
};

/// `mesh` with its vertices moved to the zero of `wanted` (mm). `mesh` must be closed, in the volume's frame
/// and near the wanted shape. Throws `error` where it is not closed or where no surface is near.
///
/// A program of many files can define DIFFAM_CONNECTIVITY_ELSEWHERE for all of them, and instantiate the
/// function in one file that includes spine/template/connectivity_solver.hpp.
template <exec::policy Host>
triangle_mesh<double> fit_connectivity(const Host& e, const triangle_mesh<double>& mesh,
                                       const volume<float>& wanted, const fit_connectivity_params& p = {});

}  // namespace diffam::spine

#ifndef DIFFAM_CONNECTIVITY_ELSEWHERE
#include "diffam/spine/template/connectivity_solver.hpp"
#endif
