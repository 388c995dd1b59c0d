// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Makes a smooth closed surface from one label of a volume. The occupancy is blurred by 0.6 voxels along each
// axis, which removes the stair steps and leaves flat walls in place. Marching tetrahedra with cells of about
// a millimetre extract the level 0.5. The largest connected component is kept, and its volume is restored,
// because the blur shrinks thin parts.
#pragma once

#include <algorithm>
#include <cmath>

#include "diffam/image/distance_volume.hpp"
#include "diffam/image/gaussian.hpp"
#include "diffam/image/label_box.hpp"
#include "diffam/image/marching_tetrahedra.hpp"
#include "diffam/mesh/components.hpp"
#include "diffam/mesh/smoothing.hpp"

namespace diffam::spine::detail {

/// The surface in world mm, with outward faces. `box` is the bounding box of the label.
template <exec::policy Host>
triangle_mesh<double> smooth_label_surface(const Host& e, const volume<std::uint8_t>& labels, int label,
                                           const label_box& box) {
  const grid& g = labels.geometry;
  const vec3<double> spacing = g.spacing();
  vec<index_t, 3> step;  // voxels from one corner of a cell to the next
  grid fine = g, coarse;
  vec3<double> variance, first;
  for (int a = 0; a < 3; ++a) {
    step[a] = std::max<index_t>(1, std::lround(1 / spacing[a]));
    const index_t pad = 4 * step[a];
    const index_t cells = (box.last[a] - box.first[a] + 2 * pad) / step[a] + 2;
    fine.size[a] = cells * step[a];
    coarse.size[a] = cells;
    const double sigma = 0.6 * static_cast<double>(step[a]);
    variance[a] = sigma * sigma;
    first[a] = static_cast<double>(box.first[a] - pad);
  }
  volume<float> occupancy(fine);
  for (index_t k = box.first[2]; k <= box.last[2]; ++k)
    for (index_t j = box.first[1]; j <= box.last[1]; ++j)
      for (index_t i = box.first[0]; i <= box.last[0]; ++i)
        if (labels.at(i, j, k) == label)
          occupancy.at(i - box.first[0] + 4 * step[0], j - box.first[1] + 4 * step[1],
                       k - box.first[2] + 4 * step[2]) = 1;
  blur_voxels(e, occupancy.voxels, fine.size, variance);
  const auto shape = [&](const vec3<double>& c) {
    const auto at = [&](int a) { return static_cast<index_t>(c[a]) * step[a]; };
    return 0.5 - static_cast<double>(occupancy.at(at(0), at(1), at(2)));
  };
  triangle_mesh<double> mesh = marching_tetrahedra(shape, coarse);
  for (auto& v : mesh.vertices) {
    for (int a = 0; a < 3; ++a) v[a] = v[a] * static_cast<double>(step[a]) + first[a];
    v = g.to_world(v);
  }
  if (determinant(g.axes) < 0)
    for (auto& f : mesh.faces) std::swap(f[1], f[2]);
  mesh = largest_component(mesh);
  const double mask = static_cast<double>(box.voxels) * std::abs(determinant(g.axes)),
               now = check_mesh(mesh).volume;
  if (now > 0.8 * mask && now < 1.2 * mask)
    restore_volume(mesh, mask);  // otherwise much of the label lies in other components
  return mesh;
}

/// A grid along the world axes around a set of points, with a margin in mm.
inline grid grid_around(const std::vector<vec3<double>>& points, double spacing, double margin) {
  vec3<double> low{HUGE_VAL, HUGE_VAL, HUGE_VAL}, high = -low;
  for (const auto& p : points)
    for (int a = 0; a < 3; ++a) low[a] = std::min(low[a], p[a]), high[a] = std::max(high[a], p[a]);
  grid g;
  for (int a = 0; a < 3; ++a) {
    g.axes(a, a) = spacing;
    g.origin[a] = std::floor((low[a] - margin) / spacing) * spacing;
    g.size[a] = static_cast<index_t>(std::ceil((high[a] + margin - g.origin[a]) / spacing)) + 1;
  }
  return g;
}

}  // namespace diffam::spine::detail
