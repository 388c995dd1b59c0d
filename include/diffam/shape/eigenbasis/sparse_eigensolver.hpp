// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The smallest eigenpairs of a sparse symmetric positive semi-definite matrix. The spectrum is cut into parts
// (shape/eigenbasis/spectrum_slices.hpp); shift-invert Lanczos about the middle of each part finds its pairs
// (Spectra). A Krylov space has only one vector of each eigenspace, so Lanczos can miss copies of a multiple
// eigenvalue, as symmetric meshes have. The number of pairs in a part is known; missing pairs are then
// searched in the complement of the pairs found.
//
// The functions are templates, although T is always double: they take long to compile, and only programs that
// call them should compile them.
#pragma once

#include "diffam/core/eigen.hpp"

#if defined(__has_include)
#if !__has_include(<Spectra/SymEigsShiftSolver.h>)
#error \
    "diffam needs Spectra 1.0 for an eigenbasis: install it (Debian: libspectra-dev), or link diffam::compiled"
#endif
#endif
#include <Spectra/MatOp/SparseSymShiftSolve.h>
#include <Spectra/SymEigsShiftSolver.h>
#include <Eigen/Eigenvalues>

#include <algorithm>
#include <concepts>
#include <exception>
#include <numeric>
#include <string>
#include <type_traits>
#include <vector>

#include "diffam/core/error.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/shape/eigenbasis/spectrum_slices.hpp"

namespace diffam::detail {

/// Eigenvalues and eigenvectors.
template <std::same_as<double> T>
struct eigen_pairs {
  Eigen::VectorX<T> values;   // ascending
  Eigen::MatrixX<T> vectors;  // orthonormal columns
};

/// The first `count` pairs by Eigen's dense solver. Throws `error` (bad_data) if it does not converge.
template <std::same_as<double> T>
eigen_pairs<T> dense_eigen_pairs(const Eigen::SparseMatrix<T>& a, Eigen::Index count) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixX<T>> solver{Eigen::MatrixX<T>(a)};
  if (solver.info() != Eigen::Success)
    throw error("compute_eigenbasis: the dense eigensolver did not converge", error_kind::bad_data);
  return {solver.eigenvalues().head(count), solver.eigenvectors().leftCols(count)};
}

/// (A - shift I)^-1 restricted to the complement of the columns of `known`, as an operator for Spectra.
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
    Eigen::Map<vector> result(out, rows());  // named: nvcc misreads a temporary here
    remove_known(result);
  }

 private:
  void remove_known(Eigen::Ref<vector> x) const {
    if (known_.cols() > 0) x -= known_ * (known_.transpose() * x);
  }

  Spectra::SparseSymShiftSolve<T>& inverse_;
  const matrix& known_;  // n x number of known vectors
};

/// `count` pairs nearest to `shift`, in the complement of `known`. Throws `error` (bad_data) if they do not
/// converge.
template <std::same_as<double> T>
eigen_pairs<T> lanczos(Spectra::SparseSymShiftSolve<T>& inverse, const Eigen::MatrixX<T>& known,
                       Eigen::Index count, double shift) {
  // With 2.25 times the wanted pairs, those of meshes converge without a restart; with 2 times some do not
  // (docs/notebook/start-up-and-fits.md).
  const Eigen::Index krylov = std::min(inverse.rows(), std::max<Eigen::Index>(9 * count / 4, count + 20));
  deflated_inverse<T> op(inverse, known);
  Spectra::SymEigsShiftSolver<deflated_inverse<T>> solver(op, count, krylov, shift);
  solver.init();  // Spectra's start vector, the same in every run
  const Eigen::Index found =
      solver.compute(Spectra::SortRule::LargestMagn, 1000, 1e-11, Spectra::SortRule::SmallestAlge);
  if (solver.info() != Spectra::CompInfo::Successful || found < count)
    throw error("compute_eigenbasis: expected " + std::to_string(count) + " converged eigenvalues, got " +
                    std::to_string(found),
                error_kind::bad_data);
  return {solver.eigenvalues(), solver.eigenvectors()};
}

/// The pairs of `a` and those pairs of `b` with values in `part`, sorted by value.
template <std::same_as<double> T>
eigen_pairs<T> merge(const eigen_pairs<T>& a, const eigen_pairs<T>& b, const spectrum_part<T>& part) {
  eigen_pairs<T> all{Eigen::VectorX<T>(a.values.size() + b.values.size()),
                     Eigen::MatrixX<T>(b.vectors.rows(), a.values.size() + b.values.size())};
  all.values << a.values, b.values;
  all.vectors << a.vectors, b.vectors;
  std::vector<Eigen::Index> order(static_cast<std::size_t>(all.values.size()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::erase_if(order, [&](Eigen::Index i) {
    return i >= a.values.size() && !(all.values[i] >= part.low && all.values[i] < part.high);
  });
  std::stable_sort(order.begin(), order.end(),
                   [&](Eigen::Index i, Eigen::Index j) { return all.values[i] < all.values[j]; });
  return {all.values(order), all.vectors(Eigen::all, order)};
}

/// All pairs of a part. Each round searches the pairs that the rounds before missed. Throws `error`
/// (bad_data) after 30 rounds.
template <std::same_as<double> T>
eigen_pairs<T> pairs_of_part(const Eigen::SparseMatrix<T>& a, const spectrum_part<T>& part) {
  Spectra::SparseSymShiftSolve<T> inverse(a);
  eigen_pairs<T> pairs{Eigen::VectorX<T>(0), Eigen::MatrixX<T>(a.rows(), 0)};
  for (int round = 0; round < 30; ++round) {
    const Eigen::Index missing = part.count - pairs.values.size();
    pairs = merge(pairs, lanczos(inverse, pairs.vectors, missing, (part.low + part.high) / 2), part);
    if (pairs.values.size() >= part.count) return pairs;
  }
  throw error("compute_eigenbasis: eigenvalues of too high a multiplicity", error_kind::bad_data);
}

/// The first `count` pairs, with up to `threads` threads, one part each; the result does not depend on the
/// number. Vectors of different parts are orthogonal as far as they are converged
/// (docs/notebook/start-up-and-fits.md).
template <std::same_as<double> T>
eigen_pairs<T> sparse_eigen_pairs(const Eigen::SparseMatrix<T>& a, Eigen::Index count, int threads = 1) {
  constexpr Eigen::Index of_a_part = 50;  // docs/notebook/start-up-and-fits.md
  const std::vector<spectrum_part<T>> parts =
      cut_spectrum(a, count, static_cast<int>(std::max<Eigen::Index>(count / of_a_part, 1)));
  std::vector<eigen_pairs<T>> found(parts.size());
  std::vector<std::exception_ptr> failed(parts.size());
  exec::threads(threads).run_chunks(static_cast<index_t>(parts.size()), [&](index_t p) {
    const auto i = static_cast<std::size_t>(p);
    try {
      found[i] = pairs_of_part(a, parts[i]);
    } catch (...) {
      failed[i] = std::current_exception();
    }
  });
  for (const auto& e : failed)
    if (e) std::rethrow_exception(e);
  eigen_pairs<T> first{Eigen::VectorX<T>(count), Eigen::MatrixX<T>(a.rows(), count)};
  Eigen::Index done = 0;
  for (const auto& f : found) {
    const Eigen::Index taken = std::min(count - done, f.values.size());
    first.values.segment(done, taken) = f.values.head(taken);
    first.vectors.middleCols(done, taken) = f.vectors.leftCols(taken);
    done += taken;
  }
  return first;
}

}  // namespace diffam::detail
