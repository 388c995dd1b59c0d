// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Spectrum slicing: cuts the spectrum of a matrix into parts (Parlett, "The symmetric eigenvalue problem",
// 1980, section 3.3). By Sylvester's law of inertia, the number of eigenvalues below a given value is known.
// So each part can be searched alone, and it is known when the part is complete.
#pragma once

#include "diffam/core/eigen.hpp"

#include <Eigen/SparseCholesky>

#include <algorithm>
#include <concepts>
#include <vector>

#include "diffam/core/error.hpp"

namespace diffam::detail {

/// Counts the eigenvalues below x by the signs of the pivots of A - x I. A must store its whole diagonal.
/// Throws `error` (bad_data) if the factorisation fails.
template <std::same_as<double> T>
class inertia {
 public:
  explicit inertia(const Eigen::SparseMatrix<T>& a) : a_(a), identity_(a.rows(), a.cols()) {
    identity_.setIdentity();
    factors_.analyzePattern(a_ + identity_);
  }
  Eigen::Index below(T x) {
    factors_.factorize(a_ - x * identity_);
    if (factors_.info() != Eigen::Success)
      throw error("compute_eigenbasis: the factors of the Laplacian do not exist", error_kind::bad_data);
    return (factors_.vectorD().array() < 0).count();
  }

 private:
  const Eigen::SparseMatrix<T>& a_;
  Eigen::SparseMatrix<T> identity_;
  Eigen::SimplicialLDLT<Eigen::SparseMatrix<T>> factors_;
};

/// The interval [low, high) and the number of its eigenvalues.
template <std::same_as<double> T>
struct spectrum_part {
  T low, high;
  Eigen::Index count;
};

/// A value and the number of eigenvalues below it.
template <std::same_as<double> T>
struct spectrum_border {
  T at;
  Eigen::Index below;
};

/// A border with `least` to `most` eigenvalues below it, or slightly more for a multiple eigenvalue. `low` is
/// a border with fewer than `least`. `high` is a border with `least` or more; high.below = 0 means unknown.
template <std::same_as<double> T>
spectrum_border<T> find_border(inertia<T>& count, Eigen::Index least, Eigen::Index most,
                               spectrum_border<T> low, spectrum_border<T> high) {
  const double aim = static_cast<double>(least + most) / 2;
  bool bounded = high.below >= least;
  while (!(bounded && high.below <= most)) {
    T x = high.at;
    if (bounded) {  // linear interpolation: on a surface, eigenvalues grow about evenly
      const double share =
          (aim - static_cast<double>(low.below)) / static_cast<double>(high.below - low.below);
      x = low.at + (high.at - low.at) * std::clamp(share, 0.05, 0.95);
    }
    if (bounded && !(high.at - low.at > 1e-6 * high.at)) break;
    const Eigen::Index n = count.below(x);
    if (n >= least) {
      high = {x, n}, bounded = true;
    } else {
      low = {x, n};
      high.at = bounded ? high.at : x * std::clamp(aim / static_cast<double>(n + 1), 1.1, 4.0);
    }
  }
  return high;
}

/// Cuts the first `count` eigenvalues of a positive semi-definite matrix, and possibly a few more, into about
/// `parts` parts.
template <std::same_as<double> T>
std::vector<spectrum_part<T>> cut_spectrum(const Eigen::SparseMatrix<T>& a, Eigen::Index count, int parts) {
  inertia<T> counted(a);
  const Eigen::Index slack = count / 50 + 1;
  const T scale = a.diagonal().mean();
  const T guess = 2 * scale * static_cast<T>(count) / static_cast<T>(a.rows());
  const spectrum_border<T> below_all{-1e-4 * scale, 0};
  const spectrum_border<T> top = find_border<T>(counted, count, count + slack, below_all, {guess, 0});
  std::vector<spectrum_part<T>> found;
  spectrum_border<T> low = below_all;
  for (int p = 1; p <= parts; ++p) {
    const Eigen::Index least = top.below * p / parts;
    if (least <= low.below) continue;  // the part before took a multiple eigenvalue
    const spectrum_border<T> high =
        p == parts ? top : find_border<T>(counted, least, least + top.below / parts / 8, low, top);
    found.push_back({low.at, high.at, high.below - low.below});
    low = high;
  }
  return found;
}

}  // namespace diffam::detail
