// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Isotropic remeshing of an implicit surface (Botsch & Kobbelt, "A remeshing approach to multiresolution
// modeling", SGP 2004). Short edges collapse, edges flip towards valence 6, and vertices move to the mean of
// their neighbours and back to the surface. The input must be finer than the result: no edge is split. All
// positions are rounded to multiples of 2^-12 mm. Squared lengths are then exact, so the order of the edges
// is the same with every compiler.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include "diffam/mesh/implicit_surface.hpp"
#include "diffam/mesh/triangle_mesh.hpp"

namespace diffam {

/// Options of `remesh`.
struct remesh_params {
  double edge_length = 2.25;  // mm
  int rounds = 12;            // of collapse, flip and relaxation
};

namespace detail {

/// A mesh during remeshing, with the faces at each vertex.
template <class Shape>
class remesher {
 public:
  remesher(const Shape& shape, triangle_mesh<double> fine, double edge_length)
      : shape_(shape), mesh_(std::move(fine)), length_(edge_length) {
    for (auto& v : mesh_.vertices) v = snapped(v);
    incident_.resize(mesh_.vertices.size());
    for (std::size_t f = 0; f < mesh_.faces.size(); ++f)
      for (int k = 0; k < 3; ++k) incident_[index(mesh_.faces[f][k])].push_back(static_cast<stored_index>(f));
  }

  triangle_mesh<double> run(int rounds) {
    for (int round = 0; round < rounds; ++round) {
      collapse_short_edges();
      flip_edges();
      relax();
    }
    return compact();
  }

 private:
  struct short_edge {
    double squared_length;
    stored_index a, b;
  };

  static std::size_t index(stored_index i) { return static_cast<std::size_t>(i); }
  const vec3<double>& at(stored_index v) const { return mesh_.vertices[index(v)]; }
  static bool has(const face& f, stored_index v) { return f[0] == v || f[1] == v || f[2] == v; }

  static vec3<double> snapped(vec3<double> p) {
    for (int k = 0; k < 3; ++k) p[k] = std::nearbyint(p[k] * 4096) / 4096;
    return p;
  }

  /// The normal of a face, not normalised.
  static vec3<double> face_normal(const vec3<double>& a, const vec3<double>& b, const vec3<double>& c) {
    return cross(b - a, c - a);
  }

  /// Whether two face normals differ by less than 60 degrees.
  static bool same_side(const vec3<double>& before, const vec3<double>& after) {
    return dot(before, after) > 0.5 * norm(before) * norm(after);
  }

  /// The neighbours of v, in the order of its faces: the next vertex after v in each face.
  std::vector<stored_index> ring(stored_index v) const {
    std::vector<stored_index> r;
    for (const stored_index f : incident_[index(v)]) {
      const face& t = mesh_.faces[index(f)];
      r.push_back(t[0] == v ? t[1] : t[1] == v ? t[2] : t[0]);
    }
    return r;
  }

  bool adjacent(stored_index a, stored_index b) const {
    const auto& faces = incident_[index(a)];
    return std::any_of(faces.begin(), faces.end(), [&](auto f) { return has(mesh_.faces[index(f)], b); });
  }

  void collapse_short_edges() {
    const double limit = 0.64 * length_ * length_;  // (4/5)^2
    std::vector<short_edge> edges;
    for (stored_index a = 0; a < static_cast<stored_index>(incident_.size()); ++a)
      for (const stored_index b : ring(a))
        if (a < b && squared_norm(at(a) - at(b)) < limit)
          edges.push_back({squared_norm(at(a) - at(b)), a, b});
    std::sort(edges.begin(), edges.end(), [](const short_edge& x, const short_edge& y) {
      if (x.squared_length != y.squared_length) return x.squared_length < y.squared_length;
      return x.a != y.a ? x.a < y.a : x.b < y.b;
    });
    for (const auto& e : edges)
      if (adjacent(e.a, e.b) && squared_norm(at(e.a) - at(e.b)) < limit) collapse(e.a, e.b);
  }

  /// Merges b into a at their midpoint, if the surface stays manifold, no face folds over and no edge becomes
  /// too long.
  void collapse(stored_index a, stored_index b) {
    const auto ring_a = ring(a), ring_b = ring(b);
    int common = 0;
    for (const stored_index v : ring_a) {
      if (std::find(ring_b.begin(), ring_b.end(), v) == ring_b.end()) continue;
      ++common;
      if (incident_[index(v)].size() < 4) return;
    }
    if (common != 2 || ring_a.size() + ring_b.size() > 14) return;
    const vec3<double> p = snapped(project_to_zero(shape_, (at(a) + at(b)) * 0.5, 0.5));
    const double longest = 16.0 / 9.0 * length_ * length_;  // (4/3)^2
    for (const auto* r : {&ring_a, &ring_b})
      for (const stored_index v : *r)
        if (v != a && v != b && squared_norm(at(v) - p) > longest) return;
    if (!moves_without_folding(a, b, p) || !moves_without_folding(b, a, p)) return;
    mesh_.vertices[index(a)] = p;
    for (const stored_index f : incident_[index(b)]) {
      face& t = mesh_.faces[index(f)];
      if (has(t, a)) {
        for (int k = 0; k < 3; ++k)
          if (t[k] != b) std::erase(incident_[index(t[k])], f);
        t = {-1, -1, -1};
        continue;
      }
      for (int k = 0; k < 3; ++k)
        if (t[k] == b) t[k] = a;
      incident_[index(a)].push_back(f);
    }
    incident_[index(b)].clear();
  }

  /// Whether all faces of v without `other` keep their direction when v moves to p.
  bool moves_without_folding(stored_index v, stored_index other, const vec3<double>& p) const {
    for (const stored_index f : incident_[index(v)]) {
      const face& t = mesh_.faces[index(f)];
      if (has(t, other)) continue;
      vec3<double> x[3];
      for (int k = 0; k < 3; ++k) x[k] = t[k] == v ? p : at(t[k]);
      if (!same_side(face_normal(at(t[0]), at(t[1]), at(t[2])), face_normal(x[0], x[1], x[2]))) return false;
    }
    return true;
  }

  void flip_edges() {
    for (stored_index a = 0; a < static_cast<stored_index>(incident_.size()); ++a)
      for (const stored_index b : ring(a))
        if (a < b && adjacent(a, b)) flip(a, b);
  }

  /// Replaces the edge a b by the edge between the opposite corners c and d, if this brings the valences
  /// closer to 6.
  void flip(stored_index a, stored_index b) {
    stored_index first = -1, second = -1, c = -1, d = -1;  // faces (a, b, c) and (b, a, d)
    for (const stored_index f : incident_[index(a)]) {
      const face& t = mesh_.faces[index(f)];
      for (int k = 0; k < 3; ++k) {
        if (t[k] == a && t[(k + 1) % 3] == b) first = f, c = t[(k + 2) % 3];
        if (t[k] == b && t[(k + 1) % 3] == a) second = f, d = t[(k + 2) % 3];
      }
    }
    if (first < 0 || second < 0 || c == d || adjacent(c, d)) return;
    const auto excess = [&](stored_index v, int change) {
      const int x = static_cast<int>(incident_[index(v)].size()) + change - 6;
      return x * x;
    };
    const int before = excess(a, 0) + excess(b, 0) + excess(c, 0) + excess(d, 0);
    const int after = excess(a, -1) + excess(b, -1) + excess(c, 1) + excess(d, 1);
    if (after >= before) return;
    const vec3<double> old = face_normal(at(a), at(b), at(c)) + face_normal(at(b), at(a), at(d));
    if (!same_side(old, face_normal(at(a), at(d), at(c))) ||
        !same_side(old, face_normal(at(d), at(b), at(c))))
      return;
    mesh_.faces[index(first)] = {a, d, c};
    mesh_.faces[index(second)] = {d, b, c};
    std::erase(incident_[index(a)], second);
    std::erase(incident_[index(b)], first);
    incident_[index(d)].push_back(first);
    incident_[index(c)].push_back(second);
  }

  /// Moves every vertex in its tangent plane to the mean of its neighbours, then back to the surface.
  void relax() {
    auto moved = mesh_.vertices;
    for (stored_index v = 0; v < static_cast<stored_index>(incident_.size()); ++v) {
      const auto neighbours = ring(v);
      if (neighbours.empty()) continue;
      vec3<double> mean{};
      for (const stored_index n : neighbours) mean += at(n);
      const vec3<double> step = mean * (1.0 / static_cast<double>(neighbours.size())) - at(v);
      const vec3<double> normal = normalized(implicit_gradient(shape_, at(v)));
      const vec3<double> p = at(v) + step - normal * dot(normal, step);
      moved[index(v)] = snapped(project_to_zero(shape_, p, 0.5));
    }
    mesh_.vertices = std::move(moved);
  }

  /// The mesh without collapsed vertices and faces.
  triangle_mesh<double> compact() const {
    triangle_mesh<double> out;
    std::vector<stored_index> number(mesh_.vertices.size(), -1);
    for (std::size_t v = 0; v < number.size(); ++v) {
      if (incident_[v].empty()) continue;
      number[v] = static_cast<stored_index>(out.vertices.size());
      out.vertices.push_back(mesh_.vertices[v]);
    }
    for (const face& f : mesh_.faces)
      if (f[0] >= 0) out.faces.push_back({number[index(f[0])], number[index(f[1])], number[index(f[2])]});
    return out;
  }

  const Shape& shape_;
  triangle_mesh<double> mesh_;                       // indices of collapsed faces are -1
  std::vector<std::vector<stored_index>> incident_;  // faces of each vertex; empty for a collapsed vertex
  double length_;
};

}  // namespace detail

/// Remeshes the zero set of `shape` to triangles of even size and shape. `fine` is a closed mesh of the
/// surface with shorter edges than the result. Throws `error` if an option is out of range.
template <class Shape>  // world position -> value, negative inside
triangle_mesh<double> remesh(const Shape& shape, triangle_mesh<double> fine, const remesh_params& p = {}) {
  if (!(p.edge_length > 0) || p.rounds < 1)
    throw error("remesh: expected a positive edge length and at least one round");
  return detail::remesher<Shape>(shape, std::move(fine), p.edge_length).run(p.rounds);
}

/// The same for a given number of vertices, to within the relative `tolerance` if the surface allows it. An
/// even mesh of edge length L has one vertex per sqrt(3)/2 L^2 of area. Throws `error` if `vertices` is below
/// 100 or above two thirds of the vertices of `fine`.
template <class Shape>
triangle_mesh<double> remesh_to_count(const Shape& shape, const triangle_mesh<double>& fine, index_t vertices,
                                      double tolerance = 0.01) {
  if (vertices < 100 || 3 * vertices > 2 * fine.vertex_count())
    throw error("remesh: expected between 100 and two thirds of the fine mesh's " +
                std::to_string(fine.vertex_count()) + " vertices, got " + std::to_string(vertices));
  double area = 0;
  for (const face& f : fine.faces) {
    const auto at = [&](int k) { return fine.vertices[static_cast<std::size_t>(f[k])]; };
    area += norm(cross(at(1) - at(0), at(2) - at(0))) / 2;
  }
  const auto wanted = static_cast<double>(vertices);
  double length = std::sqrt(2 * area / (std::sqrt(3.0) * wanted)), best_miss = HUGE_VAL;
  triangle_mesh<double> best;
  for (int attempt = 0; attempt < 6 && best_miss > tolerance; ++attempt) {
    triangle_mesh<double> mesh = remesh(shape, fine, {.edge_length = length});
    const double ratio = static_cast<double>(mesh.vertex_count()) / wanted;
    length *= std::sqrt(ratio);
    if (std::abs(ratio - 1) >= best_miss) continue;
    best_miss = std::abs(ratio - 1);
    best = std::move(mesh);
  }
  return best;
}

}  // namespace diffam
