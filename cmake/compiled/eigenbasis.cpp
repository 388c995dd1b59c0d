// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Instantiates the eigensolver for all targets of the build that define DIFFAM_EIGENBASIS_ELSEWHERE.
#include "diffam/shape/eigenbasis/compute.hpp"

namespace diffam {

template eigenbasis compute_eigenbasis<double>(const triangle_mesh<double>&, eigenbasis_params);

namespace detail {
template eigen_pairs<double> dense_eigen_pairs(const Eigen::SparseMatrix<double>&, Eigen::Index);
template eigen_pairs<double> sparse_eigen_pairs(const Eigen::SparseMatrix<double>&, Eigen::Index, int);
}  // namespace detail

}  // namespace diffam
