// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Moves of the vertices of a mesh, made smooth: the solution x of
//
//     (M + a S) x = M b
//
// with the lumped mass M and the stiffness S of the mesh (mesh/laplacian.hpp) for wanted moves b. Details
// shorter than about 2 pi sqrt(a) are damped. This is the preconditioner of Nicolet, Jacobson & Jakob, "Large
// steps in inverse rendering of geometry", SIGGRAPH Asia 2021.
#pragma once

#include "diffam/core/eigen.hpp"

#include <Eigen/IterativeLinearSolvers>

#include "diffam/mesh/laplacian.hpp"

namespace diffam::spine {

/// Solves for one mesh and one `a`. Throws `error` (bad_data) where `mesh` has a face without area.
class smooth_moves {
 public:
  /// `a`: mm^2.
  smooth_moves(const triangle_mesh<double>& mesh, double a) : mass_(lumped_mass(mesh)) {
    matrix_ = a * cotangent_stiffness(mesh);
    for (Eigen::Index i = 0; i < matrix_.rows(); ++i)
      matrix_.coeffRef(i, i) += mass_[static_cast<std::size_t>(i)];
    solver_.setTolerance(1e-3);
    solver_.compute(matrix_);
  }
  smooth_moves(const smooth_moves&) = delete;  // the solver refers to the matrix
  smooth_moves& operator=(const smooth_moves&) = delete;

  /// `wanted`: a vector for each vertex, mm; replaced by the smooth moves.
  void apply(std::vector<vec3<double>>& wanted) {
    Eigen::VectorXd b(matrix_.rows());
    for (int k = 0; k < 3; ++k) {
      for (std::size_t i = 0; i < wanted.size(); ++i)
        b[static_cast<Eigen::Index>(i)] = mass_[i] * wanted[i][k];
      const Eigen::VectorXd x = solver_.solve(b);
      for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i][k] = x[static_cast<Eigen::Index>(i)];
    }
  }

 private:
  std::vector<double> mass_;
  Eigen::SparseMatrix<double> matrix_;
  Eigen::ConjugateGradient<Eigen::SparseMatrix<double>, Eigen::Lower | Eigen::Upper> solver_;
};

}  // namespace diffam::spine
