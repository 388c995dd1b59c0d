// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A user's program with two translation units that both include all headers.
#include <cstdio>

#include "everything.hpp"

int sum_in_second_unit(int n);

int main() {
  std::printf("diffam %s\n", DIFFAM_VERSION);
  return sum_in_second_unit(4) == 10 ? 0 : 1;
}
