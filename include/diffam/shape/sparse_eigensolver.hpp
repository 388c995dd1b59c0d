// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The smallest eigenpairs of a sparse symmetric positive semi-definite matrix: Lanczos on the inverse about a
// point just below 0 (Spectra), and a proof that none is missing. A Krylov space sees one vector of each
// eigenspace, so on symmetric meshes copies of a multiple eigenvalue can be passed over. Sylvester's law of
// inertia counts the eigenvalues below the largest one found; what is missing is then searched for in the
// complement of what is there.
#pragma once

#include "diffam/core/eigen.hpp"

#include <Spectra/MatOp/SparseSymShiftSolve.h>
#include <Spectra/SymEigsShiftSolver.h>
#include <Eigen/Eigenvalues>
#include <Eigen/SparseCholesky>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "diffam/core/error.hpp"

namespace diffam::detail {

struct eigen_pairs {
  Eigen::VectorXd values;   // ascending
  Eigen::MatrixXd vectors;  // orthonormal columns
};

inline eigen_pairs dense_eigen_pairs(const Eigen::SparseMatrix<double>& a, Eigen::Index count) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver{Eigen::MatrixXd(a)};
  if (solver.info() != Eigen::Success)
    throw error("compute_eigenbasis: the dense eigensolver did not converge", error_kind::bad_data);
  return {solver.eigenvalues().head(count), solver.eigenvectors().leftCols(count)};
}

/// (A - shift I)^-1 restricted to the complement of the columns of `known`; an operator of Spectra.
class deflated_inverse {
 public:
  using Scalar = double;

  deflated_inverse(Spectra::SparseSymShiftSolve<double>& inverse, const Eigen::MatrixXd& known)
      : inverse_(inverse), known_(known) {}

  Eigen::Index rows() const { return inverse_.rows(); }
  Eigen::Index cols() const { return inverse_.cols(); }
  void set_shift(double shift) { inverse_.set_shift(shift); }
  void perform_op(const double* in, double* out) const {
    Eigen::VectorXd x = Eigen::Map<const Eigen::VectorXd>(in, rows());
    remove_known(x);
    inverse_.perform_op(x.data(), out);
    remove_known(Eigen::Map<Eigen::VectorXd>(out, rows()));
  }

 private:
  void remove_known(Eigen::Ref<Eigen::VectorXd> x) const {
    if (known_.cols() > 0) x -= known_ * (known_.transpose() * x);
  }

  Spectra::SparseSymShiftSolve<double>& inverse_;
  const Eigen::MatrixXd& known_;  // n x any
};

/// Eigenvalues below x, by the signs of the pivots of A - x I.
inline Eigen::Index eigenvalues_below(const Eigen::SparseMatrix<double>& a, double x) {
  Eigen::SparseMatrix<double> identity(a.rows(), a.cols());
  identity.setIdentity();
  const Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>> factors(a - x * identity);
  if (factors.info() != Eigen::Success)
    throw error("compute_eigenbasis: the factors of the Laplacian do not exist", error_kind::bad_data);
  return (factors.vectorD().array() < 0).count();
}

/// `count` pairs in the complement of `known`.
inline eigen_pairs lanczos(Spectra::SparseSymShiftSolve<double>& inverse, const Eigen::MatrixXd& known,
                           Eigen::Index count, double shift) {
  // At 2.25 times the wanted pairs a mesh's converge without a restart; at 2, some do not
  // (docs/performance.md).
  const Eigen::Index krylov = std::min(inverse.rows(), std::max<Eigen::Index>(9 * count / 4, count + 20));
  deflated_inverse op(inverse, known);
  Spectra::SymEigsShiftSolver<deflated_inverse> solver(op, count, krylov, shift);
  solver.init();  // Spectra's own start vector: the same in every run
  const Eigen::Index found =
      solver.compute(Spectra::SortRule::LargestMagn, 1000, 1e-11, Spectra::SortRule::SmallestAlge);
  if (solver.info() != Spectra::CompInfo::Successful || found < count)
    throw error("compute_eigenbasis: expected " + std::to_string(count) + " converged eigenvalues, got " +
                    std::to_string(found),
                error_kind::bad_data);
  return {solver.eigenvalues(), solver.eigenvectors()};
}

/// The first `count` of two sets together.
inline eigen_pairs merge(const eigen_pairs& a, const eigen_pairs& b, Eigen::Index count) {
  eigen_pairs all{Eigen::VectorXd(a.values.size() + b.values.size()),
                  Eigen::MatrixXd(a.vectors.rows(), a.values.size() + b.values.size())};
  all.values << a.values, b.values;
  all.vectors << a.vectors, b.vectors;
  std::vector<Eigen::Index> order(static_cast<std::size_t>(all.values.size()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](Eigen::Index i, Eigen::Index j) { return all.values[i] < all.values[j]; });
  eigen_pairs first{Eigen::VectorXd(count), Eigen::MatrixXd(a.vectors.rows(), count)};
  for (Eigen::Index k = 0; k < count; ++k) {
    first.values[k] = all.values[order[static_cast<std::size_t>(k)]];
    first.vectors.col(k) = all.vectors.col(order[static_cast<std::size_t>(k)]);
  }
  return first;
}

inline eigen_pairs sparse_eigen_pairs(const Eigen::SparseMatrix<double>& a, Eigen::Index count) {
  const double shift = -1e-4 * a.diagonal().mean();
  Spectra::SparseSymShiftSolve<double> inverse(a);
  eigen_pairs pairs = lanczos(inverse, Eigen::MatrixXd(a.rows(), 0), count, shift);
  if (count == 1) return pairs;
  for (int round = 0; round < 30; ++round) {
    const double below = pairs.values[count - 1] * (1 - 1e-7);  // of a last multiple one, any copies will do
    const Eigen::Index there = (pairs.values.array() < below).count();
    const Eigen::Index missing = eigenvalues_below(a, below) - there;
    if (missing <= 0) return pairs;
    pairs = merge(pairs, lanczos(inverse, pairs.vectors, missing, shift), count);
  }
  throw error("compute_eigenbasis: eigenvalues of too high a multiplicity", error_kind::bad_data);
}

}  // namespace diffam::detail
