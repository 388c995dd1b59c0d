// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The fit on the CPU, compiled by the C++ compiler.
#include <diffam/exec/threads.hpp>

#include "fits.hpp"
#include "sphere_fit.hpp"

double fit_on_cpu() {
  return fit_sphere(diffam::exec::threads{});
}
