// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Makes a surface of genus 1 from a mean of signed distances. Means and masks often have small handles: a
// pinhole in a lamina, or a bridge between two processes. A morphological closing fills pinholes, and an
// opening cuts bridges. The smallest radius r is used that leaves one hole, the vertebral canal. Closing and
// opening move the level set by r and back, and recompute the distances after the first move.
#pragma once

#include <cmath>
#include <optional>
#include <string>

#include "diffam/image/distance_volume.hpp"
#include "diffam/image/gaussian.hpp"
#include "diffam/image/marching_tetrahedra.hpp"
#include "diffam/mesh/components.hpp"

namespace diffam::spine::detail {

/// The largest connected component of {d = level}.
inline triangle_mesh<double> surface_at(const volume<float>& d, double level) {
  grid index;  // coordinates are voxel indices
  index.size = d.geometry.size;
  const auto value = [&](const vec3<double>& v) {
    return static_cast<double>(d.at(std::lround(v[0]), std::lround(v[1]), std::lround(v[2]))) - level;
  };
  triangle_mesh<double> mesh = marching_tetrahedra(value, index);
  for (auto& v : mesh.vertices) v = d.geometry.to_world(v);
  return largest_component(mesh);
}

/// Moves the surface by `first` along its normals and back. Positive values give a closing, negative values
/// an opening. The distances are exact within `reach` of the surface.
template <exec::policy Host>
std::optional<volume<float>> moved_and_back(const Host& e, const volume<float>& d, double first,
                                            double reach) {
  const triangle_mesh<double> out = surface_at(d, first);
  if (!check_mesh(out).ok()) return {};
  volume<float> again = distance_volume(e, out, d.geometry, {.level = -first, .reach = reach});
  for (float& x : again.voxels) x += static_cast<float>(first);
  return again;
}

/// A surface with its signed distance.
struct mean_surface {
  volume<float> distance;      // signed distance whose zero is the surface
  triangle_mesh<double> fine;  // one component, at least one vertex per mm
  index_t genus = 0;
  double closed_mm = 0;  // radius of the closing (positive) or opening (negative) used; 0: none
};

/// Size of the largest hole in the projection of the shape along z, in columns of voxels. In a vertebra this
/// is the canal.
inline index_t largest_hole(const volume<float>& d) {
  const index_t width = d.geometry.size[0], height = d.geometry.size[1], slice = width * height;
  std::vector<std::uint8_t> taken(static_cast<std::size_t>(slice), 0);  // by the projection, or visited
  for (std::size_t v = 0; v < d.voxels.size(); ++v)
    if (d.voxels[v] < 0) taken[v % taken.size()] = 1;
  index_t largest = 0;
  for (index_t first = 0; first < slice; ++first) {
    std::vector<index_t> found;
    bool enclosed = true;
    const auto visit = [&](index_t i, index_t j) {
      enclosed = enclosed && i >= 0 && j >= 0 && i < width && j < height;
      if (i < 0 || j < 0 || i >= width || j >= height) return;
      auto& seen = taken[static_cast<std::size_t>(j * width + i)];
      if (!seen) found.push_back(j * width + i);
      seen = 1;
    };
    visit(first % width, first / width);
    for (std::size_t n = 0; n < found.size(); ++n) {
      const index_t i = found[n] % width, j = found[n] / width;
      visit(i - 1, j), visit(i + 1, j), visit(i, j - 1), visit(i, j + 1);
    }
    if (enclosed) largest = std::max(largest, static_cast<index_t>(found.size()));
  }
  return largest;
}

/// The smallest closing or opening, of at most 3 mm, that gives the shape `wanted` holes and keeps its canal.
/// 0: there is none.
template <exec::policy Host>
double repair_of(const Host& e, const volume<float>& d, index_t wanted) {
  const double beside = norm(d.geometry.spacing());  // farthest corner of a cell that the surface crosses
  const index_t canal = largest_hole(d);
  for (double r = 0.5; r <= 3; r += 0.5)
    for (const double by : {r, -r}) {
      const auto repaired = moved_and_back(e, d, by, beside);
      if (!repaired) continue;
      const mesh_report now = check_mesh(surface_at(*repaired, 0));
      if (now.ok() && now.genus == wanted && 2 * largest_hole(*repaired) >= canal) return by;
    }
  return 0;
}

/// The zero of `d`, smoothed by `smoothing` mm without loss of volume, with genus `wanted` if a repair of at
/// most 3 mm can achieve it. After a repair, distances beyond `reach` mm are only approximate. Throws `error`
/// where the zero is not a closed surface inside the grid.
template <exec::policy Host>
mean_surface surface_of_mean(const Host& e, volume<float> d, double smoothing, double reach,
                             index_t wanted = 1) {
  mean_surface s;
  const double volume = check_mesh(surface_at(d, 0)).volume;
  s.distance = blur(e, std::move(d), smoothing);
  const mesh_report blurred = check_mesh(surface_at(s.distance, 0));
  const double lost =
      blurred.area > 0 ? (volume - blurred.volume) / blurred.area : 0;  // mm; thin parts shrink
  for (float& x : s.distance.voxels) x -= static_cast<float>(lost);
  s.fine = surface_at(s.distance, 0);
  mesh_report report = check_mesh(s.fine);
  if (!report.ok())
    throw error("template: the mean of the shapes is no closed surface inside its grid (" +
                    describe_defects(report) + ")",
                error_kind::bad_data);
  if (report.genus != wanted) s.closed_mm = repair_of(e, s.distance, wanted);
  if (s.closed_mm != 0) {
    s.distance = *moved_and_back(e, s.distance, s.closed_mm, reach);
    s.fine = surface_at(s.distance, 0);
    report = check_mesh(s.fine);
  }
  s.genus = report.genus;
  return s;
}

}  // namespace diffam::spine::detail
