// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The connected components of a mesh, and the component with the largest volume. In the mesh of a
// segmentation, the other components are small fragments and cavities.
#pragma once

#include <cmath>
#include <vector>

#include "diffam/mesh/check.hpp"

namespace diffam {

/// The components that are connected by edges. Vertices and faces keep their order. Vertices without a face
/// are dropped. Throws `error` (bad_data) for bad indices.
inline std::vector<triangle_mesh<double>> connected_components(const triangle_mesh<double>& mesh) {
  require_indices("connected_components", mesh.faces, mesh.vertex_count());
  std::vector<bool> used(mesh.vertices.size(), false);
  for (const face& f : mesh.faces)
    for (int k = 0; k < 3; ++k) used[static_cast<std::size_t>(f[k])] = true;
  const std::vector<stored_index> root = detail::component_roots(unique_edges(mesh.faces), used.size());
  std::vector<stored_index> part(used.size(), -1),
      place(used.size(), -1);  // component of a root; new index of a vertex
  std::vector<triangle_mesh<double>> parts;
  for (std::size_t v = 0; v < used.size(); ++v) {
    if (!used[v]) continue;
    stored_index& p = part[static_cast<std::size_t>(root[v])];
    if (p < 0) {
      p = static_cast<stored_index>(parts.size());
      parts.emplace_back();
    }
    auto& vertices = parts[static_cast<std::size_t>(p)].vertices;
    place[v] = static_cast<stored_index>(vertices.size());
    vertices.push_back(mesh.vertices[v]);
  }
  for (const face& f : mesh.faces) {
    const stored_index p = part[static_cast<std::size_t>(root[static_cast<std::size_t>(f[0])])];
    face g;
    for (int k = 0; k < 3; ++k) g[k] = place[static_cast<std::size_t>(f[k])];
    parts[static_cast<std::size_t>(p)].faces.push_back(g);
  }
  return parts;
}

/// The component with the largest volume, or the first of equal ones. Empty for an empty mesh.
inline triangle_mesh<double> largest_component(const triangle_mesh<double>& mesh) {
  triangle_mesh<double> best;
  double most = -HUGE_VAL;
  for (auto& part : connected_components(mesh)) {
    const double volume = check_mesh(part).volume;
    if (!(volume > most)) continue;
    most = volume;
    best = std::move(part);
  }
  return best;
}

}  // namespace diffam
