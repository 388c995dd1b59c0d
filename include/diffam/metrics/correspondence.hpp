// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Correspondence error (the paper's figure 2b): the distance in mm of each vertex of a fitted mesh to the
// true surface. Vertex k is the same anatomical point in all cases, so errors can be averaged over cases for
// each vertex.
#pragma once

#include "diffam/metrics/surface_distance.hpp"

namespace diffam::metrics {

/// Distances of the vertices, and their statistics.
struct correspondence_error {
  std::vector<double> per_vertex;  // mm
  double mean = 0;                 // mm, over vertices
  double p95 = 0;                  // mm, 95th percentile over vertices
  double largest = 0;              // mm
};

/// Against a mesh in mm. Throws `error` (bad_data) if there are no vertices or no faces.
template <exec::policy Exec>
correspondence_error correspondence(const Exec& e, const std::vector<vec3<double>>& vertices,
                                    const triangle_mesh<double>& truth) {
  if (vertices.empty() || truth.faces.empty())
    throw error("correspondence: expected vertices and a surface, got none", error_kind::bad_data);
  weighted_distances d{std::vector<double>(vertices.size()), std::vector<double>(vertices.size(), 1.0)};
  detail::distances_to(e, truth, vertices, d.distance);
  correspondence_error out;
  out.mean = d.integral() / d.total_weight();
  out.p95 = d.percentile(0.95);
  out.largest = d.largest();
  out.per_vertex = std::move(d.distance);
  return out;
}

/// Against the surface of a label in a volume.
template <exec::policy Exec>
correspondence_error correspondence(const Exec& e, const std::vector<vec3<double>>& vertices,
                                    const volume<std::uint8_t>& truth, int label) {
  return correspondence(e, vertices, label_surface(truth, label));
}

}  // namespace diffam::metrics
