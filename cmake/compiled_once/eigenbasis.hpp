// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Declares the eigensolver `extern`. Files that include this use the instantiation in a library of the build.
#pragma once

#include "diffam/shape/eigenbasis.hpp"

namespace diffam {

extern template eigenbasis compute_eigenbasis<double>(const triangle_mesh<double>&, eigenbasis_params);

namespace detail {
extern template eigen_pairs<double> dense_eigen_pairs(const Eigen::SparseMatrix<double>&, Eigen::Index);
extern template eigen_pairs<double> sparse_eigen_pairs(const Eigen::SparseMatrix<double>&, Eigen::Index, int);
}  // namespace detail

}  // namespace diffam
