// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Runs the fit on the CPU and, if there is one, on the GPU.
#include <cstdio>
#include <diffam/core/error.hpp>

#include "fits.hpp"

int main() {
  bool fine = true;
  const auto tell = [&fine](const char* where, double error) {
    std::printf("%s: mean distance error %.4f\n", where, error);
    fine = fine && error < 0.03;
  };
  tell("CPU", fit_on_cpu());
#if defined(MIXED_WITH_GPU)
  try {
    tell("GPU", fit_on_gpu());
  } catch (const diffam::error& e) {
    if (e.kind() != diffam::error_kind::no_device) throw;
    std::printf("GPU: none (%s)\n", e.what());
  }
#else
  std::puts("GPU: built without");
#endif
  return fine ? 0 : 1;
}
