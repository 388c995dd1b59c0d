// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Checks whether a mesh is the boundary of a solid. Counts the defects: boundary and non-manifold edges,
// inconsistent orientation, degenerate and duplicate faces, bad indices. Signed distances need `ok()`.
#pragma once

#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "diffam/mesh/normals/formulas.hpp"
#include "diffam/mesh/topology.hpp"
#include "diffam/mesh/triangle_mesh.hpp"

namespace diffam {

/// Sizes, defects and measures of a mesh.
struct mesh_report {
  index_t vertices = 0;
  index_t faces = 0;
  index_t boundary_edges = 0;      // edges with one face
  index_t nonmanifold_edges = 0;   // edges with three or more faces
  index_t inconsistent_edges = 0;  // edges that two faces traverse in the same direction
  index_t degenerate_faces = 0;    // a repeated vertex, or no area
  index_t duplicate_faces = 0;     // faces with the same vertices as an earlier face
  index_t bad_indices = 0;         // corners whose index is not a vertex
  index_t nonfinite_vertices = 0;
  index_t unused_vertices = 0;  // vertices of no face
  index_t components = 0;       // parts connected by edges, without unused vertices
  index_t genus = 0;            // number of handles, over all components; -1 if not closed
  double volume = 0;            // positive for outward faces; in cubed units of the vertices
  double area = 0;              // in squared units of the vertices

  bool closed() const {
    return faces > 0 && bad_indices == 0 && boundary_edges == 0 && nonmanifold_edges == 0;
  }
  bool oriented() const { return inconsistent_edges == 0; }
  /// Closed, oriented outward, without degenerate or duplicate faces.
  bool ok() const {
    return closed() && oriented() && degenerate_faces == 0 && duplicate_faces == 0 &&
           nonfinite_vertices == 0 && volume > 0;
  }
};

namespace detail {

/// For each vertex the smallest vertex of its component (union-find).
inline std::vector<stored_index> component_roots(const std::vector<edge>& edges, std::size_t vertices) {
  std::vector<stored_index> parent(vertices);
  std::iota(parent.begin(), parent.end(), 0);
  const auto root = [&](stored_index v) {
    while (parent[static_cast<std::size_t>(v)] != v) {
      auto& p = parent[static_cast<std::size_t>(v)];
      v = p = parent[static_cast<std::size_t>(p)];
    }
    return v;
  };
  for (const edge& e : edges) {
    const stored_index a = root(e[0]), b = root(e[1]);
    if (a != b) parent[static_cast<std::size_t>(std::max(a, b))] = std::min(a, b);
  }
  for (std::size_t v = 0; v < vertices; ++v) parent[v] = root(static_cast<stored_index>(v));
  return parent;
}

/// Number of connected components; only vertices marked in `used` count.
inline index_t count_components(const std::vector<edge>& edges, const std::vector<bool>& used) {
  const std::vector<stored_index> root = component_roots(edges, used.size());
  index_t count = 0;
  for (std::size_t v = 0; v < used.size(); ++v)
    count += used[v] && root[v] == static_cast<stored_index>(v) ? 1 : 0;
  return count;
}

/// Counts boundary, non-manifold and inconsistent edges.
inline void count_edges(const std::vector<face>& faces, mesh_report& r) {
  struct half_edge {
    edge key;
    bool forward;
  };
  std::vector<half_edge> all;
  all.reserve(3 * faces.size());
  for (const face& f : faces)
    for (int k = 0; k < 3; ++k) {
      const stored_index a = f[k], b = f[(k + 1) % 3];
      if (a != b) all.push_back({{std::min(a, b), std::max(a, b)}, a < b});
    }
  std::sort(all.begin(), all.end(), [](const half_edge& x, const half_edge& y) {
    return x.key[0] != y.key[0] ? x.key[0] < y.key[0] : x.key[1] < y.key[1];
  });
  for (std::size_t i = 0, j = 0; i < all.size(); i = j) {
    index_t forward = 0;
    for (j = i; j < all.size() && all[j].key == all[i].key; ++j) forward += all[j].forward ? 1 : 0;
    const auto n = static_cast<index_t>(j - i);
    if (n == 1) ++r.boundary_edges;
    if (n > 2) ++r.nonmanifold_edges;
    if (n == 2 && forward != 1) ++r.inconsistent_edges;
  }
}

/// Number of faces with the same vertices as another face, in any order, without the first of each.
inline index_t count_duplicates(const std::vector<face>& faces) {
  std::vector<face> sorted = faces;
  for (face& f : sorted) std::sort(f.v, f.v + 3);
  std::sort(sorted.begin(), sorted.end(), [](const face& x, const face& y) {
    return std::lexicographical_compare(x.v, x.v + 3, y.v, y.v + 3);
  });
  return sorted.end() - std::unique(sorted.begin(), sorted.end());
}

/// Counts degenerate faces, and sums area and volume.
template <real T>
void measure_faces(const triangle_mesh<T>& mesh, mesh_report& r) {
  for (const face& f : mesh.faces) {
    vec3<double> x[3];
    for (int k = 0; k < 3; ++k)
      for (int j = 0; j < 3; ++j)
        x[k][j] = static_cast<double>(mesh.vertices[static_cast<std::size_t>(f[k])][j]);
    const vec3<double> n = area_vector(x[0], x[1], x[2]);
    const double longest =
        std::max({squared_norm(x[1] - x[0]), squared_norm(x[2] - x[0]), squared_norm(x[2] - x[1])});
    if (f[0] == f[1] || f[1] == f[2] || f[2] == f[0] || norm(n) <= 1e-12 * longest) ++r.degenerate_faces;
    r.area += norm(n);
    // Tetrahedra to the first vertex: far from the origin, tetrahedra to the origin would lose digits.
    vec3<double> o;
    for (int j = 0; j < 3; ++j) o[j] = static_cast<double>(mesh.vertices.front()[j]);
    r.volume += dot(n, x[0] - o) / 3;
  }
}

}  // namespace detail

/// Checks a mesh. Does not throw; the report has all defects.
template <real T>
mesh_report check_mesh(const triangle_mesh<T>& mesh) {
  mesh_report r;
  r.vertices = mesh.vertex_count();
  r.faces = mesh.face_count();
  for (const auto& v : mesh.vertices)
    if (!is_finite(v)) ++r.nonfinite_vertices;
  std::vector<bool> used(mesh.vertices.size(), false);
  for (const face& f : mesh.faces)
    for (int k = 0; k < 3; ++k) {
      const bool good = f[k] >= 0 && f[k] < r.vertices;
      if (good) used[static_cast<std::size_t>(f[k])] = true;
      if (!good) ++r.bad_indices;
    }
  detail::count_edges(mesh.faces, r);
  r.duplicate_faces = detail::count_duplicates(mesh.faces);
  r.genus = -1;
  if (r.bad_indices > 0) return r;
  const std::vector<edge> edges = unique_edges(mesh.faces);
  r.components = detail::count_components(edges, used);
  const index_t corners = std::count(used.begin(), used.end(), true);
  r.unused_vertices = r.vertices - corners;
  if (r.closed())  // Euler's formula: V - E + F = 2 (components - genus)
    r.genus = r.components - (corners - static_cast<index_t>(edges.size()) + r.faces) / 2;
  if (r.nonfinite_vertices == 0) detail::measure_faces(mesh, r);
  return r;
}

/// The defects of a mesh as text; empty if `ok()`.
inline std::string describe_defects(const mesh_report& r) {
  std::string s;
  const auto say = [&s](index_t n, const char* one, const char* many) {
    if (n > 0) s += (s.empty() ? "" : ", ") + std::to_string(n) + " " + (n == 1 ? one : many);
  };
  if (r.faces == 0) s = "no faces";
  say(r.bad_indices, "corner that names no vertex", "corners that name no vertex");
  say(r.nonfinite_vertices, "vertex that is not finite", "vertices that are not finite");
  say(r.boundary_edges, "boundary edge", "boundary edges");
  say(r.nonmanifold_edges, "edge of more than two faces", "edges of more than two faces");
  say(r.inconsistent_edges, "edge between faces of opposite orientation",
      "edges between faces of opposite orientation");
  say(r.degenerate_faces, "face without area", "faces without area");
  say(r.duplicate_faces, "duplicate face", "duplicate faces");
  if (s.empty() && !(r.volume > 0)) s = "faces that point inward (volume " + std::to_string(r.volume) + ")";
  return s;
}

/// Throws `error` (bad_data) if the mesh is not `ok()`. `what` names the mesh in the message ("template
/// L3.ply").
template <real T>
void require_closed_mesh(const triangle_mesh<T>& mesh, const std::string& what) {
  const mesh_report r = check_mesh(mesh);
  if (r.ok()) return;
  throw error(what + ": expected a closed mesh with outward faces, got " + describe_defects(r) + " (" +
                  std::to_string(r.vertices) + " vertices, " + std::to_string(r.faces) + " faces)",
              error_kind::bad_data);
}

/// Reverses all faces if the volume is negative. Returns whether it did.
template <real T>
bool flip_if_inside_out(triangle_mesh<T>& mesh) {
  const mesh_report r = check_mesh(mesh);
  if (!(r.volume < 0)) return false;
  for (face& f : mesh.faces) std::swap(f[1], f[2]);
  return true;
}

}  // namespace diffam
