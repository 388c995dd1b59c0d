// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Smoothing without shrinkage: Taubin's lambda | mu steps ("A signal processing approach to fair surface
// design", SIGGRAPH 1995). A step is v += s (mean of the neighbours - v), with s = lambda > 0 and s = mu <
// -lambda in turn. At the end all vertices move along their normals by one distance, which restores the
// volume.
#pragma once

#include <vector>

#include "diffam/mesh/check.hpp"
#include "diffam/mesh/topology.hpp"

namespace diffam {

/// Options of `taubin_smooth`.
struct taubin_params {
  int rounds = 10;      // a round is a step with lambda and a step with mu
  double lambda = 0.5;  // in (0, 1)
  double mu = -0.526;   // pass band 1 / lambda + 1 / mu = 0.1
};

namespace detail {

/// v += step (mean of the neighbours - v) for all vertices at once.
inline void umbrella_step(std::vector<vec3<double>>& x, const std::vector<edge>& edges, double step) {
  std::vector<vec3<double>> sum(x.size(), vec3<double>{});
  std::vector<int> count(x.size(), 0);
  for (const edge& e : edges)
    for (int k = 0; k < 2; ++k) {
      sum[static_cast<std::size_t>(e[k])] += x[static_cast<std::size_t>(e[1 - k])];
      ++count[static_cast<std::size_t>(e[k])];
    }
  for (std::size_t v = 0; v < x.size(); ++v)
    if (count[v] > 0) x[v] += (sum[v] * (1.0 / count[v]) - x[v]) * step;
}

/// Area-weighted unit vertex normals.
inline std::vector<vec3<double>> unit_normals(const triangle_mesh<double>& mesh) {
  std::vector<vec3<double>> n(mesh.vertices.size(), vec3<double>{});
  for (const face& f : mesh.faces) {
    const auto at = [&](int k) { return mesh.vertices[static_cast<std::size_t>(f[k])]; };
    const vec3<double> a = area_vector(at(0), at(1), at(2));
    for (int k = 0; k < 3; ++k) n[static_cast<std::size_t>(f[k])] += a;
  }
  for (auto& v : n) v = squared_norm(v) > 0 ? normalized(v) : v;
  return n;
}

}  // namespace detail

/// Moves all vertices of a closed mesh along their normals by one small distance until it encloses `volume`.
inline void restore_volume(triangle_mesh<double>& mesh, double volume) {
  for (int r = 0; r < 3; ++r) {
    const mesh_report now = check_mesh(mesh);
    const double step = (volume - now.volume) / now.area;
    const auto normals = detail::unit_normals(mesh);
    for (std::size_t v = 0; v < mesh.vertices.size(); ++v) mesh.vertices[v] += normals[v] * step;
  }
}

/// Smooths a closed mesh and keeps its volume (to 0.1 %). Throws `error` if the mesh is not closed or an
/// option is out of range.
inline triangle_mesh<double> taubin_smooth(triangle_mesh<double> mesh, const taubin_params& p = {}) {
  require_closed_mesh(mesh, "taubin_smooth");
  if (p.rounds < 0 || !(p.lambda > 0 && p.lambda < 1) || !(p.mu < -p.lambda && p.mu > -1))
    throw error("taubin_smooth: expected rounds >= 0, lambda in (0, 1) and mu in (-1, -lambda)");
  const double volume = check_mesh(mesh).volume;
  const std::vector<edge> edges = unique_edges(mesh.faces);
  for (int r = 0; r < p.rounds; ++r) {
    detail::umbrella_step(mesh.vertices, edges, p.lambda);
    detail::umbrella_step(mesh.vertices, edges, p.mu);
  }
  restore_volume(mesh, volume);
  return mesh;
}

}  // namespace diffam
