// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Catch2's main for the tests on a GPU: says that it passes them over where there is none.
#define CATCH_CONFIG_RUNNER
#include <cstdio>

#include "support/catch.hpp"

namespace diffam::test {
int device_count();  // devices.cu
}

int main(int argc, char** argv) {
  constexpr int skipped = 77;
  if (diffam::test::device_count() == 0) {
    std::puts("SKIPPED: no CUDA device here; the tests were compiled, none was run on a device");
    return skipped;
  }
  return Catch::Session().run(argc, argv);
}
