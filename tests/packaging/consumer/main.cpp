// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A user's program with two translation units that both include all headers, and one that reads files.
#include <cstdio>

#include "everything.hpp"

int sum_in_second_unit(int n);
bool folder_is_told();

int main() {
  std::printf("diffam %s\n", DIFFAM_VERSION);
  return sum_in_second_unit(4) == 10 && folder_is_told() ? 0 : 1;
}
