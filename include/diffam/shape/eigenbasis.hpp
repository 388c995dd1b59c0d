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

#include <algorithm>
#include <cmath>
#include <concepts>
#include <string>
#include <type_traits>
#include <vector>

#include "diffam/mesh/check.hpp"
#include "diffam/mesh/laplacian.hpp"
#include "diffam/shape/eigenbasis/sparse_eigensolver.hpp"

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

namespace detail {

/// Makes the entry of largest magnitude positive, so that the sign does not depend on the solver.
template <class Column>
void fix_sign(Column&& x) {
  Eigen::Index at = 0;
  const double largest = x.cwiseAbs().maxCoeff();
  while (std::abs(x[at]) < largest * (1 - 1e-9)) ++at;  // the first of equal entries
  if (x[at] < 0) x = -x;
}

/// The checks of `compute_eigenbasis` that throw.
inline void require_basis_input(const triangle_mesh<double>& mesh, const eigenbasis_params& p) {
  const index_t v = mesh.vertex_count();
  if (p.modes < 1 || p.modes > v)
    throw error("compute_eigenbasis: expected modes in [1, " + std::to_string(v) +
                "] (the number of vertices), got " + std::to_string(p.modes));
  const mesh_report r = check_mesh(mesh);
  if (r.bad_indices + r.nonfinite_vertices > 0)
    throw error("compute_eigenbasis: expected a sound mesh, got " + describe_defects(r),
                error_kind::bad_data);
  if (r.components != 1 || r.unused_vertices > 0)
    throw error("compute_eigenbasis: expected a connected mesh, got " + std::to_string(r.components) +
                    " components and " + std::to_string(r.unused_vertices) + " vertices without a face",
                error_kind::bad_data);
}

}  // namespace detail

/// The first `modes` eigenvectors of a connected mesh. Throws `error` if `modes` is out of range, and `error`
/// (bad_data) if the mesh is not connected, has faces without area, or the solver does not converge. A
/// template, so that only programs that call it compile it. A program of many files can compile it once
/// (`extern template`).
template <std::same_as<double> T = double>
eigenbasis compute_eigenbasis(const triangle_mesh<std::type_identity_t<T>>& mesh, eigenbasis_params p = {}) {
  detail::require_basis_input(mesh, p);
  const auto n = static_cast<Eigen::Index>(mesh.vertex_count());
  const auto count = static_cast<Eigen::Index>(p.modes);
  eigenbasis basis;
  basis.mass.assign(mesh.vertices.size(), 1.0);
  if (p.mass == mass_kind::lumped) basis.mass = lumped_mass(mesh);

  // With D = M^-1/2, D S D x = lambda x is the symmetric form of S phi = lambda M phi, phi = D x.
  const Eigen::Map<const Eigen::VectorX<T>> mass(basis.mass.data(), n);
  const Eigen::VectorX<T> d = mass.cwiseSqrt().cwiseInverse();
  const Eigen::SparseMatrix<T> a = d.asDiagonal() * cotangent_stiffness(mesh) * d.asDiagonal();
  const bool dense = n <= 200 || 4 * count > n;  // the Krylov space has 2.25 times the modes
  detail::eigen_pairs<T> pairs =
      dense ? detail::dense_eigen_pairs(a, count) : detail::sparse_eigen_pairs(a, count, p.threads);

  // The first pair is known exactly: eigenvalue 0 and the constant vector.
  pairs.values[0] = 0;
  pairs.vectors.col(0) = mass.cwiseSqrt() / std::sqrt(mass.sum());
  basis.phi = buffer<double>(n, count);
  basis.lambda.assign(pairs.values.data(), pairs.values.data() + count);
  for (Eigen::Index k = 0; k < count; ++k) {
    Eigen::VectorX<T> x = d.cwiseProduct(pairs.vectors.col(k));
    detail::fix_sign(x);
    for (Eigen::Index v = 0; v < n; ++v) basis.phi.get()(v, k) = x[v];
  }
  return basis;
}

}  // namespace diffam
