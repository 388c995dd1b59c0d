// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The data for measurements of searches: the built-in vertebra in units of 64 mm, and points around it.
#pragma once

#include <algorithm>

#include "diffam/core/random.hpp"
#include "diffam/spine/template.hpp"

namespace diffam::bench {

inline triangle_mesh<double> vertebra_in_units() {
  triangle_mesh<double> mesh = spine::make_template();
  for (auto& p : mesh.vertices) p = p * (1.0 / 64);
  return mesh;
}

/// Points around random vertices, with 9.6 mm noise.
inline buffer<float> points_around(const std::vector<triangle_mesh<double>>& meshes, index_t count) {
  std::vector<vec3<double>> vertices;
  for (const auto& mesh : meshes) vertices.insert(vertices.end(), mesh.vertices.begin(), mesh.vertices.end());
  buffer<float> points(count, 3);
  for (index_t i = 0; i < count; ++i) {
    const auto at = static_cast<std::uint64_t>(i);
    const auto w = random_words(1, random_stream::test, 0, at),
               v = random_words(1, random_stream::test, 1, at);
    const auto vertex =
        static_cast<std::size_t>(static_cast<double>(vertices.size()) * unit_interval<double>(w[0]));
    const auto a = box_muller(unit_interval<double>(w[1]), unit_interval<double>(w[2]));
    const auto b = box_muller(unit_interval<double>(v[0]), unit_interval<double>(v[1]));
    const vec3<double> noise{a[0], a[1], b[0]};
    const vec3<double> p = vertices[std::min(vertex, vertices.size() - 1)] + noise * (9.6 / 64);
    for (int k = 0; k < 3; ++k) points.get()(i, k) = static_cast<float>(p[k]);
  }
  return points;
}

}  // namespace diffam::bench
