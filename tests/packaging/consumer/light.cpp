// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A program that links diffam::compiled: it computes an eigenbasis, and its compiler does not read Eigen.
#include <cstdio>

#include <diffam/exec/serial.hpp>
#include <diffam/mesh/primitives.hpp>
#include <diffam/shape/spectral_shape.hpp>

#if defined(EIGEN_CORE_H) || defined(SPECTRA_SYM_EIGS_SHIFT_SOLVER_H)
#error "Eigen or Spectra is included; diffam::compiled should leave them out"
#endif

int main() {
  const auto sphere = diffam::make_icosphere<double>(2, 1.0);
  const auto shape = diffam::spectral_shape<float, diffam::exec::serial>(sphere, {.modes = 9});
  std::printf("%d vertices\n", static_cast<int>(shape.output_extent({}).rows));
  return shape.output_extent({}) == diffam::extent{162, 3} ? 0 : 1;
}
