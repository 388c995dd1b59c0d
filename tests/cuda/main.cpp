// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The main program of the tests on a GPU. Without a device it runs only the tests of errors and reports that
// the others are skipped.
#define CATCH_CONFIG_RUNNER
#include <cstdio>

#include "support/catch.hpp"

namespace diffam::test {
int device_count();  // devices.cu
}

int main(int argc, char** argv) {
  constexpr int skipped = 77;
  if (diffam::test::device_count() == 0) {
    const char* errors_alone[] = {argv[0], "[no_device]"};
    if (const int failed = Catch::Session().run(2, errors_alone)) return failed;
    std::puts("SKIPPED: no CUDA device here; the other tests were compiled, none was run on a device");
    return skipped;
  }
  return Catch::Session().run(argc, argv);
}
