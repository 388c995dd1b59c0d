// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Triangle quality: q = 4 sqrt(3) area / (a^2 + b^2 + c^2) with the edge lengths a, b, c. It is 1 for an
// equilateral triangle and 0 for a triangle without area (Bank & Smith, "Mesh smoothing using a posteriori
// error estimates", SIAM J. Numer. Anal. 1997).
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "diffam/mesh/topology.hpp"
#include "diffam/mesh/triangle_mesh.hpp"

namespace diffam {

/// The quality q of the triangle a, b, c, from 0 to 1.
inline double triangle_quality(const vec3<double>& a, const vec3<double>& b, const vec3<double>& c) {
  const double squares = squared_norm(b - a) + squared_norm(c - b) + squared_norm(a - c);
  return squares > 0 ? 2 * std::sqrt(3.0) * norm(cross(b - a, c - a)) / squares : 0;
}

/// Statistics of the triangle quality of a mesh.
struct mesh_quality {
  double least = 0;  // worst triangle
  double low = 0;    // 5th percentile
  double mean = 0;
  double mean_edge_length = 0;  // in the unit of the vertices
};

/// Measures all triangles; zeros for a mesh without faces. All face indices must be valid; they are not
/// checked.
inline mesh_quality measure_quality(const triangle_mesh<double>& mesh) {
  if (mesh.faces.empty()) return {};
  const auto at = [&](stored_index v) { return mesh.vertices[static_cast<std::size_t>(v)]; };
  std::vector<double> q;
  for (const face& f : mesh.faces) q.push_back(triangle_quality(at(f[0]), at(f[1]), at(f[2])));
  std::sort(q.begin(), q.end());
  const auto count = static_cast<double>(q.size());
  const double mean = std::accumulate(q.begin(), q.end(), 0.0) / count;
  const std::vector<edge> edges = unique_edges(mesh.faces);
  double length = 0;
  for (const edge& e : edges) length += norm(at(e[0]) - at(e[1]));
  return {q.front(), q[q.size() / 20], mean, length / static_cast<double>(edges.size())};
}

}  // namespace diffam
