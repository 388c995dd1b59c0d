// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The distance of the centre of a sphere, for tests of packages.
#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

#include <diffam/mesh/primitives.hpp>
#include <diffam/sdf/distance_query.hpp>

int main() {
  const std::vector<std::array<double, 3>> centre{{0, 0, 0}};
  const double d = diffam::signed_distance(diffam::make_icosphere<double>(3, 1.0), centre).distance[0];
  std::printf("%g\n", d);
  return std::abs(d + 1) < 0.01 ? 0 : 1;
}
