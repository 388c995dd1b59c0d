// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// From a mean of signed distances to a surface of genus 1. Averages and masks have small handles: a pinhole
// in a lamina, a bridge between two processes. They go by the narrowest closing (which fills pinholes) or
// opening (which cuts bridges) that leaves one hole, the vertebral canal: level sets moved out and in again
// by r, with distances measured anew between.
#pragma once

#include <cmath>
#include <optional>
#include <string>

#include "diffam/image/gaussian.hpp"
#include "diffam/image/marching_tetrahedra.hpp"
#include "diffam/mesh/components.hpp"
#include "diffam/sdf/distance_volume.hpp"

namespace diffam::spine::detail {

/// The largest part of {d = level}.
inline triangle_mesh<double> surface_at(const volume<float>& d, double level) {
  grid index;  // coordinates are voxels
  index.size = d.geometry.size;
  const auto value = [&](const vec3<double>& v) {
    return static_cast<double>(d.at(std::lround(v[0]), std::lround(v[1]), std::lround(v[2]))) - level;
  };
  triangle_mesh<double> mesh = marching_tetrahedra(value, index);
  for (auto& v : mesh.vertices) v = d.geometry.to_world(v);
  return largest_component(mesh);
}

/// The shape moved by `first` along its normals and back; positive: a closing, negative: an opening.
template <exec::policy Host>
std::optional<volume<float>> moved_and_back(const Host& e, const volume<float>& d, double first) {
  triangle_mesh<double> out = surface_at(d, first);
  if (!check_mesh(out).ok()) return {};
  volume<float> again = distance_volume(e, out, d.geometry);
  for (float& x : again.voxels) x += static_cast<float>(first);
  return again;
}

struct mean_surface {
  volume<float> distance;      // the function whose zero it is
  triangle_mesh<double> fine;  // one part, a vertex or more a mm
  index_t genus = 0;           //
  double closed_mm = 0;        // radius of the closing (positive) or opening (negative) that was needed
};

/// The zero of `d`, smoothed by `smoothing` mm without losing volume, of genus `wanted` where a repair of at
/// most 3 mm can do that.
template <exec::policy Host>
mean_surface surface_of_mean(const Host& e, volume<float> d, double smoothing, index_t wanted = 1) {
  mean_surface s;
  const double volume = check_mesh(surface_at(d, 0)).volume;
  s.distance = blur(e, std::move(d), smoothing);
  const mesh_report blurred = check_mesh(surface_at(s.distance, 0));
  const double lost =
      blurred.area > 0 ? (volume - blurred.volume) / blurred.area : 0;  // mm; thin parts shrink
  for (float& x : s.distance.voxels) x -= static_cast<float>(lost);
  s.fine = surface_at(s.distance, 0);
  const mesh_report report = check_mesh(s.fine);
  if (!report.ok())
    throw error("template: the mean of the shapes is no closed surface inside its grid (" +
                    describe_defects(report) + ")",
                error_kind::bad_data);
  s.genus = report.genus;
  for (double r = 0.5; s.genus != wanted && r <= 3; r += 0.5)
    for (const double by : {r, -r}) {
      auto repaired = moved_and_back(e, s.distance, by);
      if (!repaired) continue;
      triangle_mesh<double> fine = surface_at(*repaired, 0);
      const mesh_report now = check_mesh(fine);
      if (!now.ok() || now.genus != wanted || s.genus == wanted) continue;
      s.distance = std::move(*repaired);
      s.fine = std::move(fine);
      s.genus = now.genus;
      s.closed_mm = by;
    }
  return s;
}

}  // namespace diffam::spine::detail
