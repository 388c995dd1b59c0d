// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads beyond the rows of a view, within the memory behind it: DIFFAM_ASSERT ends the program in Debug.
#include <cstdio>

#include "diffam/core/view.hpp"

int main() {
  const float memory[8] = {0, 1, 2, 3, 4, 5, 6, 7};
  const diffam::view<const float> x(memory, 2, 2);
  volatile diffam::index_t row = 2;
  std::printf("read %g\n", static_cast<double>(x(row, 1)));
}
