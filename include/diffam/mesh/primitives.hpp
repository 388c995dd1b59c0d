// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Meshes of simple shapes for tests and examples: closed, with outward faces, centred at the origin.
#pragma once

#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "diffam/mesh/triangle_mesh.hpp"

namespace diffam {

/// A sphere: an icosahedron whose faces are subdivided `level` times into four, with all vertices on the
/// sphere. It has 10 * 4^level + 2 vertices and 20 * 4^level faces. Throws `error` for a level not in [0, 8].
template <real T = double>
triangle_mesh<T> make_icosphere(int level, double radius = 1) {
  if (level < 0 || level > 8)
    throw error("make_icosphere: expected a level in [0, 8], got " + std::to_string(level));
  const double p = (1 + std::sqrt(5.0)) / 2;
  std::vector<vec3<double>> x = {{-1, p, 0},  {1, p, 0},  {-1, -p, 0}, {1, -p, 0}, {0, -1, p},  {0, 1, p},
                                 {0, -1, -p}, {0, 1, -p}, {p, 0, -1},  {p, 0, 1},  {-p, 0, -1}, {-p, 0, 1}};
  for (auto& v : x) v = normalized(v);
  std::vector<face> faces = {{0, 11, 5}, {0, 5, 1},  {0, 1, 7},   {0, 7, 10}, {0, 10, 11},
                             {1, 5, 9},  {5, 11, 4}, {11, 10, 2}, {10, 7, 6}, {7, 1, 8},
                             {3, 9, 4},  {3, 4, 2},  {3, 2, 6},   {3, 6, 8},  {3, 8, 9},
                             {4, 9, 5},  {2, 4, 11}, {6, 2, 10},  {8, 6, 7},  {9, 8, 1}};
  for (int l = 0; l < level; ++l) {
    std::map<std::pair<stored_index, stored_index>, stored_index> middles;
    const auto middle = [&](stored_index a, stored_index b) {
      const auto key = a < b ? std::pair(a, b) : std::pair(b, a);
      const auto [at, is_new] = middles.try_emplace(key, static_cast<stored_index>(x.size()));
      if (is_new)
        x.push_back(
            normalized(x[static_cast<std::size_t>(key.first)] + x[static_cast<std::size_t>(key.second)]));
      return at->second;
    };
    std::vector<face> finer;
    finer.reserve(4 * faces.size());
    for (const face& f : faces) {
      const stored_index a = middle(f[0], f[1]), b = middle(f[1], f[2]), c = middle(f[2], f[0]);
      finer.insert(finer.end(), {{f[0], a, c}, {f[1], b, a}, {f[2], c, b}, {a, b, c}});
    }
    faces = std::move(finer);
  }
  for (auto& v : x) v *= radius;
  return mesh_cast<T>(triangle_mesh<double>{std::move(x), std::move(faces)});
}

/// A torus around the z axis: `rings` x `sides` quadrilaterals, each split into two faces. Genus 1. Throws
/// `error` for fewer than 3 rings or sides.
template <real T = double>
triangle_mesh<T> make_torus(double major_radius, double minor_radius, int rings, int sides) {
  if (rings < 3 || sides < 3)
    throw error("make_torus: expected at least 3 rings and 3 sides, got " + std::to_string(rings) + " and " +
                std::to_string(sides));
  const double turn = 2 * 3.14159265358979323846;
  triangle_mesh<double> m;
  const auto at = [&](int i, int j) { return static_cast<stored_index>((i % rings) * sides + j % sides); };
  for (int i = 0; i < rings; ++i)
    for (int j = 0; j < sides; ++j) {
      const double a = turn * i / rings, b = turn * j / sides;
      const double r = major_radius + minor_radius * std::cos(b);
      m.vertices.push_back({r * std::cos(a), r * std::sin(a), minor_radius * std::sin(b)});
      m.faces.push_back({at(i, j), at(i + 1, j), at(i + 1, j + 1)});
      m.faces.push_back({at(i, j), at(i + 1, j + 1), at(i, j + 1)});
    }
  return mesh_cast<T>(m);
}

/// A box with edge lengths `size`: 8 vertices, 12 faces.
template <real T = double>
triangle_mesh<T> make_box(const vec3<double>& size) {
  triangle_mesh<double> m;
  for (int i = 0; i < 8; ++i)
    m.vertices.push_back({size[0] * ((i & 1) != 0 ? 0.5 : -0.5), size[1] * ((i & 2) != 0 ? 0.5 : -0.5),
                          size[2] * ((i & 4) != 0 ? 0.5 : -0.5)});
  m.faces = {{0, 2, 3}, {0, 3, 1}, {4, 5, 7}, {4, 7, 6}, {0, 1, 5}, {0, 5, 4},
             {2, 6, 7}, {2, 7, 3}, {0, 4, 6}, {0, 6, 2}, {1, 3, 7}, {1, 7, 5}};
  return mesh_cast<T>(m);
}

}  // namespace diffam
