// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Takes back moves that make a mesh pass through itself.
#pragma once

#include <algorithm>

#include "diffam/mesh/self_intersections.hpp"

namespace diffam::spine {

/// Shortens the moves of vertices near faces that pass through each other, until none do. `before`: the mesh
/// before the moves; `mesh`: after them. Where `before` passes through itself, its own crossings stay.
inline void uncross(const triangle_mesh<double>& before, triangle_mesh<double>& mesh) {
  constexpr int most_rounds = 30, rings = 3;
  constexpr double shorter = 0.6;
  const std::vector<vec3<double>> moved = mesh.vertices;
  const std::vector<edge> edges = unique_edges(mesh.faces);
  std::vector<double> share(moved.size(), 1.0);  // of its move that a vertex keeps
  const auto take_back = [&] {
    for (std::size_t i = 0; i < moved.size(); ++i)
      mesh.vertices[i] = before.vertices[i] + (moved[i] - before.vertices[i]) * share[i];
  };
  for (int round = 0; round < most_rounds; ++round) {
    const auto crossings = self_intersections(mesh);
    if (crossings.empty()) return;
    std::vector<double> wanted(share.size(), 1.0);
    for (const auto& [f, g] : crossings)
      for (const index_t i : {f, g})
        for (const stored_index v : mesh.faces[static_cast<std::size_t>(i)].v)
          wanted[static_cast<std::size_t>(v)] = shorter * share[static_cast<std::size_t>(v)];
    // A vertex keeps at most a little more than its neighbours, so that the surface does not tear off.
    for (int ring = 0; ring < rings; ++ring) {
      const std::vector<double> last = wanted;
      for (const edge& e : edges)
        for (int k = 0; k < 2; ++k) {
          double& own = wanted[static_cast<std::size_t>(e[k])];
          own = std::min(own, last[static_cast<std::size_t>(e[1 - k])] + (1 - shorter) / rings);
        }
    }
    for (std::size_t i = 0; i < share.size(); ++i)
      share[i] = std::min(share[i], round + 1 < most_rounds ? wanted[i] : wanted[i] < 1 ? 0 : 1);
    take_back();
  }
}

}  // namespace diffam::spine
