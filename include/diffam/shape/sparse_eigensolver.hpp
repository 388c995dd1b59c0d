// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The smallest eigenpairs of a sparse symmetric positive semi-definite matrix: Lanczos on the inverse about a
// point just below 0 (Spectra), and a proof that none is missing. A Krylov space sees one vector of each
// eigenspace, so on symmetric meshes copies of a multiple eigenvalue can be passed over. Sylvester's law of
// inertia counts the eigenvalues below the largest one found; what is missing is then searched for in the
// complement of what is there.
//
// Templates, though T is double alone: this is most of what there is to compile, and so only who calls it
// does.
#pragma once

#include "diffam/core/eigen.hpp"

#include <Spectra/MatOp/SparseSymShiftSolve.h>
#include <Spectra/SymEigsShiftSolver.h>
#include <Eigen/Eigenvalues>
#include <Eigen/SparseCholesky>

#include <algorithm>
#include <concepts>
#include <numeric>
#include <string>
#include <type_traits>
#include <vector>

#include "diffam/core/error.hpp"

namespace diffam::detail {

template <std::same_as<double> T>
struct eigen_pairs {
  Eigen::VectorX<T> values;   // ascending
  Eigen::MatrixX<T> vectors;  // orthonormal columns
};

template <std::same_as<double> T>
eigen_pairs<T> dense_eigen_pairs(const Eigen::SparseMatrix<T>& a, Eigen::Index count) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixX<T>> solver{Eigen::MatrixX<T>(a)};
  if (solver.info() != Eigen::Success)
    throw error("compute_eigenbasis: the dense eigensolver did not converge", error_kind::bad_data);
  return {solver.eigenvalues().head(count), solver.eigenvectors().leftCols(count)};
}

/// (A - shift I)^-1 restricted to the complement of the columns of `known`; an operator of Spectra.
template <std::same_as<double> T>
class deflated_inverse {
 public:
  using Scalar = T;
  using vector = Eigen::VectorX<T>;
  using matrix = Eigen::MatrixX<T>;

  deflated_inverse(Spectra::SparseSymShiftSolve<T>& inverse, const matrix& known)
      : inverse_(inverse), known_(known) {}

  Eigen::Index rows() const { return inverse_.rows(); }
  Eigen::Index cols() const { return inverse_.cols(); }
  void set_shift(T shift) { inverse_.set_shift(shift); }
  void perform_op(const T* in, T* out) const {
    vector x = Eigen::Map<const vector>(in, rows());
    remove_known(x);
    inverse_.perform_op(x.data(), out);
    Eigen::Map<vector> result(out, rows());  // named: nvcc takes a temporary here for something else
    remove_known(result);
  }

 private:
  void remove_known(Eigen::Ref<vector> x) const {
    if (known_.cols() > 0) x -= known_ * (known_.transpose() * x);
  }

  Spectra::SparseSymShiftSolve<T>& inverse_;
  const matrix& known_;  // n x any
};

/// Eigenvalues below x, by the signs of the pivots of A - x I.
template <std::same_as<double> T>
Eigen::Index eigenvalues_below(const Eigen::SparseMatrix<T>& a, std::type_identity_t<T> x) {
  Eigen::SparseMatrix<T> identity(a.rows(), a.cols());
  identity.setIdentity();
  const Eigen::SimplicialLDLT<Eigen::SparseMatrix<T>> factors(a - x * identity);
  if (factors.info() != Eigen::Success)
    throw error("compute_eigenbasis: the factors of the Laplacian do not exist", error_kind::bad_data);
  return (factors.vectorD().array() < 0).count();
}

/// `count` pairs in the complement of `known`.
template <std::same_as<double> T>
eigen_pairs<T> lanczos(Spectra::SparseSymShiftSolve<T>& inverse, const Eigen::MatrixX<T>& known,
                       Eigen::Index count, double shift) {
  // At 2.25 times the wanted pairs a mesh's converge without a restart; at 2, some do not
  // (docs/performance.md).
  const Eigen::Index krylov = std::min(inverse.rows(), std::max<Eigen::Index>(9 * count / 4, count + 20));
  deflated_inverse<T> op(inverse, known);
  Spectra::SymEigsShiftSolver<deflated_inverse<T>> solver(op, count, krylov, shift);
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
template <std::same_as<double> T>
eigen_pairs<T> merge(const eigen_pairs<T>& a, const eigen_pairs<T>& b, Eigen::Index count) {
  eigen_pairs<T> all{Eigen::VectorX<T>(a.values.size() + b.values.size()),
                     Eigen::MatrixX<T>(a.vectors.rows(), a.values.size() + b.values.size())};
  all.values << a.values, b.values;
  all.vectors << a.vectors, b.vectors;
  std::vector<Eigen::Index> order(static_cast<std::size_t>(all.values.size()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](Eigen::Index i, Eigen::Index j) { return all.values[i] < all.values[j]; });
  eigen_pairs<T> first{Eigen::VectorX<T>(count), Eigen::MatrixX<T>(a.vectors.rows(), count)};
  for (Eigen::Index k = 0; k < count; ++k) {
    first.values[k] = all.values[order[static_cast<std::size_t>(k)]];
    first.vectors.col(k) = all.vectors.col(order[static_cast<std::size_t>(k)]);
  }
  return first;
}

template <std::same_as<double> T>
eigen_pairs<T> sparse_eigen_pairs(const Eigen::SparseMatrix<T>& a, Eigen::Index count) {
  const double shift = -1e-4 * a.diagonal().mean();
  Spectra::SparseSymShiftSolve<T> inverse(a);
  eigen_pairs<T> pairs = lanczos(inverse, Eigen::MatrixX<T>(a.rows(), 0), count, shift);
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
