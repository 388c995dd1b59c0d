// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The eigenbasis of a mesh: the first K eigenvectors of its Laplace-Beltrami operator, S phi = lambda M phi
// (Kim & Park 2024, section 2.3, doi 10.1117/12.3006602; Levy & Zhang, "Spectral mesh processing", SIGGRAPH
// courses 2010). They span the smooth deformations of the mesh. Set-up code on the host, with Eigen and
// Spectra, in double.
//
//     diffam::eigenbasis basis = diffam::compute_eigenbasis(mesh, {.modes = 150});
#pragma once

#include <concepts>
#include <type_traits>
#include <vector>

#include "diffam/core/buffer.hpp"
#include "diffam/mesh/triangle_mesh.hpp"

namespace diffam {

/// The mass matrix M. `none` is M = I, as in the authors' code; eigenvalues and step sizes then depend on the
/// number of vertices. `lumped` does not depend on it.
enum class mass_kind { none, lumped };

/// Options of `compute_eigenbasis`.
struct eigenbasis_params {
  index_t modes = 150;               // K, including the constant mode
  mass_kind mass = mass_kind::none;  // none: Phi^T Phi = I; lumped: Phi^T M Phi = I
  int threads = 1;                   // at most; does not change the result
};

/// K eigenvectors and eigenvalues.
struct eigenbasis {
  buffer<double> phi;          // V x K, one eigenvector per column; column 0 is constant
  std::vector<double> lambda;  // K, ascending; lambda[0] = 0
  std::vector<double> mass;    // V: the diagonal of M, ones for mass_kind::none

  index_t vertex_count() const { return phi.get().rows; }
  index_t modes() const { return static_cast<index_t>(lambda.size()); }
};

/// The first `modes` eigenvectors of a connected mesh. Throws `error` if `modes` is out of range, and `error`
/// (bad_data) if the mesh is not connected, has faces without area, or the solver does not converge.
///
/// A template, so that only programs that call it compile it. Eigen and Spectra take long to compile: a
/// program of many files can define DIFFAM_EIGENBASIS_ELSEWHERE for all of them, and instantiate the function
/// in one file that includes shape/eigenbasis/compute.hpp:
///
///     template diffam::eigenbasis diffam::compute_eigenbasis<double>(const diffam::triangle_mesh<double>&,
///                                                                    diffam::eigenbasis_params);
template <std::same_as<double> T = double>
eigenbasis compute_eigenbasis(const triangle_mesh<std::type_identity_t<T>>& mesh, eigenbasis_params p = {});

}  // namespace diffam

#ifndef DIFFAM_EIGENBASIS_ELSEWHERE
#include "diffam/shape/eigenbasis/compute.hpp"
#endif
