// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The grid of a fit: isotropic voxels around given points, with a margin, within the field of view of the
// image. Its axes are the axes of the image made orthonormal: the nearest rotation or reflection, by Higham's
// iteration for the polar factor ("Computing the polar decomposition - with applications", SIAM J. Sci. Stat.
// Comput. 1986).
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "diffam/image/grid.hpp"

namespace diffam {

/// An axis-aligned bounding box, in world coordinates unless the caller says otherwise.
struct world_box {
  vec3<double> lower{HUGE_VAL, HUGE_VAL, HUGE_VAL};
  vec3<double> upper{-HUGE_VAL, -HUGE_VAL, -HUGE_VAL};

  bool empty() const { return !(lower[0] <= upper[0] && lower[1] <= upper[1] && lower[2] <= upper[2]); }
  void add(const vec3<double>& p) {
    for (int a = 0; a < 3; ++a) lower[a] = std::min(lower[a], p[a]), upper[a] = std::max(upper[a], p[a]);
  }
  std::array<vec3<double>, 8> corners() const {
    std::array<vec3<double>, 8> all;
    for (std::size_t c = 0; c < 8; ++c)
      for (int a = 0; a < 3; ++a) all[c][a] = (c >> a & 1u) != 0 ? upper[a] : lower[a];
    return all;
  }
  void grow(double margin) {
    for (int a = 0; a < 3; ++a) lower[a] -= margin, upper[a] += margin;
  }
};

/// The intersection of two boxes. If it is empty, `lower` is above `upper` along at least one axis.
inline world_box intersection(const world_box& a, const world_box& b) {
  world_box out;
  for (int i = 0; i < 3; ++i) {
    out.lower[i] = std::max(a.lower[i], b.lower[i]);
    out.upper[i] = std::min(a.upper[i], b.upper[i]);
  }
  return out;
}

/// The bounding box of the field of view in the coordinates frame * world (by default world coordinates).
inline world_box bounding_box(const grid& g, const mat3<double>& frame = mat3<double>::identity()) {
  world_box box;
  for (int c = 0; c < 8; ++c) box.add(frame * g.corner(c));
  return box;
}

/// A grid over the region of another one.
struct resized_grid {
  grid geometry;
  vec3<double> first;  // its first voxel, in voxels of the other grid
};

/// The region of `g` in voxels of other sizes: `step` voxels of `g` along each axis. Both grids have the same
/// centre; the new one has round(size / step) voxels along each axis, at least one.
inline resized_grid with_voxels_of(const grid& g, const vec3<double>& step) {
  resized_grid to;
  for (int a = 0; a < 3; ++a) {
    const auto n = static_cast<double>(g.size[a]);
    const index_t size = std::max<index_t>(1, std::llround(n / step[a]));
    to.first[a] = (n - 1) / 2 - step[a] * static_cast<double>(size - 1) / 2;
    to.geometry.size[a] = size;
    for (int r = 0; r < 3; ++r) to.geometry.axes(r, a) = g.axes(r, a) * step[a];
  }
  to.geometry.origin = g.to_world(to.first);
  return to;
}

/// The orthogonal matrix that is nearest to `m` after the columns of `m` are normalised. It keeps the sign of
/// the determinant.
inline mat3<double> nearest_orthogonal(const mat3<double>& m) {
  mat3<double> q = transpose(m);
  for (auto& column : q.row) column = normalized(column);
  q = transpose(q);
  for (int i = 0; i < 64; ++i) {
    const mat3<double> other = transpose(inverse(q));
    double change = 0;
    for (int r = 0; r < 3; ++r)
      for (int c = 0; c < 3; ++c) {
        const double next = (q(r, c) + other(r, c)) / 2;
        change = std::max(change, std::abs(next - q(r, c)));
        q(r, c) = next;
      }
    if (change < 1e-15) break;
  }
  return q;
}

/// The grid with voxels of `spacing` mm over a part of the field of view of `image`: within `margin` mm
/// (along each axis) of the bounding box of `points`, or the whole field of view if `points` is empty. If the
/// length is not a multiple of the spacing, both sides lose the same part, less than half a voxel. Throws
/// `diffam::error` if a parameter is not valid, or no point is near the field of view.
inline grid isotropic_grid(const grid& image, double spacing, const std::vector<vec3<double>>& points = {},
                           double margin = 0) {
  require_grid("isotropic_grid", image);
  if (!(spacing > 0) || !(margin >= 0))
    throw error("isotropic_grid: expected spacing > 0 and margin >= 0, got " + std::to_string(spacing) +
                " and " + std::to_string(margin));
  const mat3<double> axes = nearest_orthogonal(image.axes);
  const mat3<double> frame = transpose(axes);  // world to coordinates along the axes, mm
  world_box box = bounding_box(image, frame);
  if (!points.empty()) {
    world_box wanted;
    for (const auto& p : points) wanted.add(frame * p);
    wanted.grow(margin);
    box = intersection(box, wanted);
    if (box.empty())
      throw error("isotropic_grid: expected points in or near the image, got none within " +
                      std::to_string(margin) + " mm of its field of view",
                  error_kind::bad_data);
  }
  grid g;
  vec3<double> first{};
  for (int a = 0; a < 3; ++a) {
    const double length = box.upper[a] - box.lower[a];
    g.size[a] = static_cast<index_t>(std::floor(length / spacing * (1 + 1e-12) + 1e-9)) + 1;
    first[a] = (box.lower[a] + box.upper[a] - spacing * static_cast<double>(g.size[a] - 1)) / 2;
    for (int r = 0; r < 3; ++r) g.axes(r, a) = axes(r, a) * spacing;
  }
  g.origin = axes * first;
  return g;
}

}  // namespace diffam
