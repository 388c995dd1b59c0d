// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Signed distances of points to the mesh of a file: distances_of_a_file MESH < POINTS > DISTANCES
// POINTS has three numbers a line, in the unit of the mesh. Distances are negative inside.
#include <array>
#include <cstdio>
#include <iostream>
#include <vector>

#include "diffam/io/mesh_file.hpp"
#include "diffam/sdf/distance_query.hpp"

int main(int argc, char** argv) try {
  if (argc != 2) return std::puts("usage: distances_of_a_file MESH < POINTS > DISTANCES"), 64;
  std::vector<std::string> warnings;
  const auto mesh = diffam::io::read_mesh(argv[1], warnings);  // .ply, .obj, .stl or .off
  for (const auto& w : warnings) std::cerr << w << '\n';

  std::vector<std::array<double, 3>> points;
  for (std::array<double, 3> p; std::cin >> p[0] >> p[1] >> p[2];) points.push_back(p);

  const auto found = diffam::signed_distance(mesh, points);  // also: closest faces, points, gradients
  for (const double d : found.distance) std::printf("%.9g\n", d);
} catch (const diffam::error& e) {
  std::cerr << e.what() << '\n';
  return 65;
}
