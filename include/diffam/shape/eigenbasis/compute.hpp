// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The computation behind shape/eigenbasis.hpp, with Eigen and Spectra.
#pragma once

#include <cmath>
#include <string>

#include "diffam/mesh/check.hpp"
#include "diffam/mesh/laplacian.hpp"
#include "diffam/shape/eigenbasis.hpp"
#include "diffam/shape/eigenbasis/sparse_eigensolver.hpp"

namespace diffam {

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

template <std::same_as<double> T>
eigenbasis compute_eigenbasis(const triangle_mesh<std::type_identity_t<T>>& mesh, eigenbasis_params p) {
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
