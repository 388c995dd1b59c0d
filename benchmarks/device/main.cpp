// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Measures the fit on a GPU. Exit code 69 means that there is no device.
//
//     diffam_device_benchmarks [iteration|kernels|distance|search]     default: all four
#include "tables.hpp"

#include <cstdio>
#include <cstring>

#include "diffam/core/error.hpp"

namespace diffam::bench {
void use_first_device();  // defined in iteration.cu
}

int main(int argc, char** argv) {
  using namespace diffam;
  const auto wanted = [&](const char* name) { return argc < 2 || std::strcmp(argv[1], name) == 0; };
  try {
    bench::use_first_device();
    if (wanted("iteration")) bench::print_iteration();
    if (wanted("kernels")) bench::print_kernels();
    if (wanted("distance")) bench::print_distance();
    if (wanted("search")) bench::print_search();
    return 0;
  } catch (const error& e) {
    std::fprintf(stderr, "diffam_device_benchmarks: %s\n", e.what());
    return e.kind() == error_kind::no_device ? 69 : 70;
  }
}
