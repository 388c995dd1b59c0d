// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A simple shape with a canal and a body, for tests of templates from masks.
#pragma once

#include <cmath>

#include "diffam/exec/threads.hpp"
#include "diffam/image/marching_tetrahedra.hpp"
#include "diffam/metrics/surface_distance.hpp"

namespace diffam::test {

/// A ring about z with its centre at (0, -18, 0). Its front, at the origin, is three times as thick.
struct toy_vertebra {
  double operator()(const vec3<double>& p) const {
    const double x = p[0], y = p[1] + 18, angle = std::atan2(x, y);
    const double thick = 4.5 + 7 * std::exp(-angle * angle / 0.4);
    return std::hypot(std::hypot(x, y) - 18, p[2]) - thick;
  }
};

inline triangle_mesh<double> toy_bone(double cell = 1) {
  grid g;
  const vec3<double> low{-26, -44, -13}, high{26, 13, 13};
  for (int a = 0; a < 3; ++a) {
    g.axes(a, a) = cell;
    g.origin[a] = low[a];
    g.size[a] = static_cast<index_t>((high[a] - low[a]) / cell) + 1;
  }
  return marching_tetrahedra(toy_vertebra{}, g);
}

/// Mean surface distance of both directions, mm.
inline double distance_between(const triangle_mesh<double>& a, const triangle_mesh<double>& b) {
  return metrics::mesh_surface_distances(exec::threads{}, a, b, 2).mean;
}

}  // namespace diffam::test
