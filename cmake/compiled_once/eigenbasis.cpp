// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Instantiates the eigensolver, for all files of the build that include eigenbasis.hpp of this folder.
#include "diffam/shape/eigenbasis.hpp"

namespace diffam {

template eigenbasis compute_eigenbasis<double>(const triangle_mesh<double>&, eigenbasis_params);

namespace detail {
template eigen_pairs<double> dense_eigen_pairs(const Eigen::SparseMatrix<double>&, Eigen::Index);
template eigen_pairs<double> sparse_eigen_pairs(const Eigen::SparseMatrix<double>&, Eigen::Index, int);
}  // namespace detail

}  // namespace diffam
