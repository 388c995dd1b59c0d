// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Compares a mesh with built-in vertebrae in all 24 orientations along the axes: is x right, y front and z
// up, and is the origin in the body?
#pragma once

#include <array>
#include <limits>
#include <string>
#include <vector>

#include "diffam/spine/anatomy/family.hpp"
#include "diffam/spine/start/spread_points.hpp"

namespace diffam::spine::detail {

inline constexpr int compared_points = 320;

/// The 24 rotations that map axes to axes; the first one is the identity.
inline std::vector<mat3<double>> axis_rotations() {
  std::vector<mat3<double>> out;
  const int orders[6][3] = {{0, 1, 2}, {1, 2, 0}, {2, 0, 1}, {0, 2, 1}, {2, 1, 0}, {1, 0, 2}};
  for (const auto& order : orders)
    for (int signs = 0; signs < 8; ++signs) {
      mat3<double> m{};
      for (int r = 0; r < 3; ++r) m(r, order[r]) = (signs >> r & 1) != 0 ? -1 : 1;
      if (determinant(m) > 0) out.push_back(m);
    }
  return out;
}

/// Points spread over a surface, scaled to a volume of 1.
inline std::vector<vec3<double>> unit_points(const triangle_mesh<double>& mesh, double volume) {
  std::vector<vec3<double>> points = spread_over(mesh, compared_points).points;
  const double scale = 1 / std::cbrt(volume);
  for (auto& p : points) p *= scale;
  return points;
}

/// Mean squared distance from each point to the nearest of the others, in both directions.
inline double cloud_distance(const std::vector<vec3<double>>& a, const std::vector<vec3<double>>& b) {
  std::vector<double> of_b(b.size(), std::numeric_limits<double>::infinity());
  double sum = 0;
  for (const auto& p : a) {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < b.size(); ++j) {
      const double d = squared_norm(p - b[j]);
      least = std::min(least, d);
      of_b[j] = std::min(of_b[j], d);
    }
    sum += least;
  }
  for (const double d : of_b) sum += d;
  return sum / static_cast<double>(a.size() + b.size());
}

/// The built-in vertebrae that a mesh is compared with: neck, chest, loin.
inline const std::vector<std::vector<vec3<double>>>& compared_vertebrae() {
  static const std::vector<std::vector<vec3<double>>> clouds = [] {
    const std::array<int, 3> labels{label::c1 + 3, label::t1 + 5, label::l1 + 2};
    std::vector<std::vector<vec3<double>>> out;
    for (const auto& [l, mesh] : make_vertebrae(labels))
      out.push_back(unit_points(mesh, check_mesh(mesh).volume));
    return out;
  }();
  return clouds;
}

/// Where a mesh's own axis k points, as text.
inline std::string axis_text(const mat3<double>& turn, int k) {
  const char* const names[3][2] = {{"left", "right"}, {"back", "front"}, {"down", "up"}};
  for (int to = 0; to < 3; ++to)
    if (turn(k, to) != 0) return names[to][turn(k, to) > 0 ? 1 : 0];
  return {};
}

/// Distance of the points to the nearest of the built-in vertebrae.
inline double vertebra_distance(const std::vector<vec3<double>>& points) {
  double least = std::numeric_limits<double>::infinity();
  for (const auto& vertebra : compared_vertebrae()) least = std::min(least, cloud_distance(points, vertebra));
  return least;
}

/// What is wrong with the axes of a mesh; empty where none of the other orientations is clearly closer to a
/// vertebra.
inline std::string axes_defect(const std::vector<vec3<double>>& points) {
  constexpr double clearly = 0.6;  // of the distance as given
  const std::vector<mat3<double>> turns = axis_rotations();
  std::size_t best = 0;
  const double given = vertebra_distance(points);
  double least = given;
  for (std::size_t t = 1; t < turns.size(); ++t) {
    std::vector<vec3<double>> turned;
    for (const auto& p : points) turned.push_back(p * turns[t]);
    if (const double d = vertebra_distance(turned); d < least) least = d, best = t;
  }
  if (best == 0 || least > clearly * given) return {};
  const mat3<double>& turn = turns[best];
  return "axes that are not right, front and up: its x points " + axis_text(turn, 0) + ", y " +
         axis_text(turn, 1) + ", z " + axis_text(turn, 2);
}

/// What is wrong with the origin of a mesh whose axes are right; empty where no shift to the front, back, up
/// or down brings it clearly closer to a vertebra. `unit`: mm of a length of 1 of the points.
inline std::string origin_defect(const std::vector<vec3<double>>& points, double unit) {
  constexpr double clearly = 0.4, step = 0.1;  // of the distance as given; of the cube root of the volume
  constexpr int steps = 10;
  const double given = vertebra_distance(points);
  double least = given;
  vec3<double> shift{};
  for (const int axis : {1, 2})
    for (int n = -steps; n <= steps; ++n) {
      vec3<double> by{};
      by[axis] = n * step;
      std::vector<vec3<double>> moved = points;
      for (auto& p : moved) p += by;
      if (const double d = vertebra_distance(moved); d < least) least = d, shift = by;
    }
  const double mm = norm(shift) * unit;
  if (least > clearly * given || norm(shift) < 2.5 * step) return {};
  const std::string where = shift[1] > 0   ? "in front of"
                            : shift[1] < 0 ? "behind"
                            : shift[2] > 0 ? "above"
                                           : "below";
  return "an origin about " + std::to_string(std::lround(mm)) + " mm " + where + " the centre of the body";
}

/// What is wrong with the place of a mesh in the frame of templates.
inline std::string frame_defect(const triangle_mesh<double>& mesh, double volume) {
  const std::vector<vec3<double>> points = unit_points(mesh, volume);
  const std::string axes = axes_defect(points);
  return axes.empty() ? origin_defect(points, std::cbrt(volume)) : axes;
}

}  // namespace diffam::spine::detail
