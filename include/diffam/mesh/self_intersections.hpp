// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Self-intersections of a mesh: the pairs of faces that pass through each other. Two triangles intersect if
// an edge of one passes through the other (Moeller, "A fast triangle-triangle intersection test", 1997, has
// the same cases). Vertices are rounded to a lattice of 2^19 steps along the longest side of the mesh (a
// quarter of a micrometre for a vertebra). On the lattice all determinants are exact in 64 bits, so there is
// no tolerance.
//
// Faces with a common vertex count only if they also meet elsewhere. Faces with a common edge count only if
// one is folded flat onto the other. Touching counts as meeting.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "diffam/mesh/topology.hpp"
#include "diffam/mesh/triangle_mesh.hpp"

namespace diffam {
namespace detail {

using lattice_point = vec<std::int64_t, 3>;  // each coordinate in [0, 2^19]

inline int sign_of(std::int64_t x) {
  return x > 0 ? 1 : x < 0 ? -1 : 0;
}

/// The side of the plane through a, b, c on which p lies; 0 on the plane. The sum of six products of three
/// 20-bit differences is below 2^63.
inline int side_of_plane(const lattice_point& a, const lattice_point& b, const lattice_point& c,
                         const lattice_point& p) {
  return sign_of(dot(cross(b - a, c - a), p - a));
}

/// The side of the line a b on which p lies, in the projection to the axes u, v.
inline int side_of_line(const lattice_point& a, const lattice_point& b, const lattice_point& p, int u,
                        int v) {
  return sign_of((b[u] - a[u]) * (p[v] - a[v]) - (b[v] - a[v]) * (p[u] - a[u]));
}

/// A triangle on the lattice.
struct lattice_triangle {
  lattice_point at[3];

  lattice_point normal() const { return cross(at[1] - at[0], at[2] - at[0]); }

  /// For a segment p q in the plane of this triangle: whether a point of the open segment lies strictly
  /// inside the triangle.
  bool holds_part_of(const lattice_point& p, const lattice_point& q) const {
    const lattice_point n = normal();
    int drop = 0;  // projection axis: the largest component of the normal
    for (int k = 1; k < 3; ++k)
      if (std::abs(n[k]) > std::abs(n[drop])) drop = k;
    const int u = (drop + 1) % 3, v = (drop + 2) % 3, turn = sign_of(n[drop]);
    if (turn == 0) return false;  // the triangle has no area
    bool p_in = true, q_in = true;
    for (int k = 0; k < 3; ++k) {
      const lattice_point &a = at[k], &b = at[(k + 1) % 3];
      const int sp = turn * side_of_line(a, b, p, u, v), sq = turn * side_of_line(a, b, q, u, v);
      if (sp <= 0 && sq <= 0) return false;  // the segment lies outside of this edge
      p_in = p_in && sp > 0;
      q_in = q_in && sq > 0;
    }
    if (p_in || q_in) return true;
    // Neither end is inside. The segment passes through if corners lie strictly on both sides of its line.
    int left = 0, right = 0;
    for (const auto& c : at) {
      const int s = side_of_line(p, q, c, u, v);
      (s > 0 ? left : right) += s != 0 ? 1 : 0;
    }
    return left > 0 && right > 0;
  }

  /// Whether the closed segment p q meets this triangle, borders included. A segment in the plane of the
  /// triangle counts only if it passes through the inside.
  bool is_crossed_by(const lattice_point& p, const lattice_point& q) const {
    const int sp = side_of_plane(at[0], at[1], at[2], p), sq = side_of_plane(at[0], at[1], at[2], q);
    if (sp * sq > 0) return false;
    if (sp == 0 && sq == 0) return holds_part_of(p, q);
    int left = 0, right = 0;
    for (int k = 0; k < 3; ++k) {
      const int s = side_of_plane(p, q, at[k], at[(k + 1) % 3]);
      left += s > 0 ? 1 : 0;
      right += s < 0 ? 1 : 0;
    }
    return left == 0 || right == 0;
  }
};

/// Whether faces f and g meet outside of their common vertices or edge.
inline bool faces_meet(const std::vector<lattice_point>& x, const face& f, const face& g) {
  const auto triangle = [&](const face& t) {
    const auto at = [&](int k) { return x[static_cast<std::size_t>(t[k])]; };
    return lattice_triangle{{at(0), at(1), at(2)}};
  };
  const lattice_triangle a = triangle(f), b = triangle(g);
  int shared = 0, in_f = 0, in_g = 0;  // number of common corners; index of the last one in f and g
  int sum_f = 0, sum_g = 0;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      if (f[i] == g[j]) ++shared, in_f = i, in_g = j, sum_f += i, sum_g += j;
  if (shared == 0) {
    for (int k = 0; k < 3; ++k)
      if (a.is_crossed_by(b.at[k], b.at[(k + 1) % 3]) || b.is_crossed_by(a.at[k], a.at[(k + 1) % 3]))
        return true;
    return false;
  }
  if (shared == 1)
    return a.is_crossed_by(b.at[(in_g + 1) % 3], b.at[(in_g + 2) % 3]) ||
           b.is_crossed_by(a.at[(in_f + 1) % 3], a.at[(in_f + 2) % 3]);
  if (shared > 2) return true;
  // A common edge u v: the faces meet if their other corners p and q lie in one plane with the edge and on
  // one side of it.
  const lattice_point &p = a.at[3 - sum_f], &q = b.at[3 - sum_g];
  const lattice_point &u = a.at[(4 - sum_f) % 3], &v = a.at[(5 - sum_f) % 3];
  if (side_of_plane(u, v, p, q) != 0) return false;
  const lattice_point n = cross(v - u, p - u), m = cross(v - u, q - u);  // parallel
  for (int k = 0; k < 3; ++k)
    if (n[k] != 0 && m[k] != 0) return sign_of(n[k]) == sign_of(m[k]);
  return true;  // one of the faces has no area
}

/// Rounds the vertices to the lattice. The longest side of the bounding box becomes [0, 2^19].
inline std::vector<lattice_point> on_lattice(const std::vector<vec3<double>>& vertices) {
  vec3<double> low{HUGE_VAL, HUGE_VAL, HUGE_VAL}, high = -low;
  for (const auto& v : vertices) {
    if (!is_finite(v)) throw error("self_intersections: a vertex is not finite", error_kind::bad_data);
    for (int k = 0; k < 3; ++k) low[k] = std::min(low[k], v[k]), high[k] = std::max(high[k], v[k]);
  }
  const double side = std::max({high[0] - low[0], high[1] - low[1], high[2] - low[2]});
  const double scale = side > 0 ? (1 << 19) / side : 0;
  std::vector<lattice_point> x;
  x.reserve(vertices.size());
  for (const auto& v : vertices) {
    lattice_point p;
    for (int k = 0; k < 3; ++k) p[k] = std::llround((v[k] - low[k]) * scale);
    x.push_back(p);
  }
  return x;
}

}  // namespace detail

/// The pairs of faces that intersect, each with the smaller index first, in ascending order. Throws `error`
/// (bad_data) for vertices that are not finite and for bad indices.
inline std::vector<std::pair<index_t, index_t>> self_intersections(const triangle_mesh<double>& mesh) {
  require_indices("self_intersections", mesh.faces, mesh.vertex_count());
  if (mesh.faces.empty()) return {};
  const std::vector<detail::lattice_point> x = detail::on_lattice(mesh.vertices);
  struct box {
    detail::lattice_point low, high;
    index_t face;
  };
  std::vector<box> boxes;
  for (index_t i = 0; i < mesh.face_count(); ++i) {
    const face& f = mesh.faces[static_cast<std::size_t>(i)];
    box b{x[static_cast<std::size_t>(f[0])], x[static_cast<std::size_t>(f[0])], i};
    for (int c = 1; c < 3; ++c)
      for (int k = 0; k < 3; ++k) {
        const std::int64_t v = x[static_cast<std::size_t>(f[c])][k];
        b.low[k] = std::min(b.low[k], v), b.high[k] = std::max(b.high[k], v);
      }
    boxes.push_back(b);
  }
  std::sort(boxes.begin(), boxes.end(), [](const box& a, const box& b) {
    return a.low[0] != b.low[0] ? a.low[0] < b.low[0] : a.face < b.face;
  });
  std::vector<std::pair<index_t, index_t>> pairs;
  for (std::size_t i = 0; i < boxes.size(); ++i)  // sweep along x over bounding boxes
    for (std::size_t j = i + 1; j < boxes.size() && boxes[j].low[0] <= boxes[i].high[0]; ++j) {
      const box &a = boxes[i], &b = boxes[j];
      if (a.low[1] > b.high[1] || b.low[1] > a.high[1] || a.low[2] > b.high[2] || b.low[2] > a.high[2])
        continue;
      if (detail::faces_meet(x, mesh.faces[static_cast<std::size_t>(a.face)],
                             mesh.faces[static_cast<std::size_t>(b.face)]))
        pairs.push_back(std::minmax(a.face, b.face));
    }
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

}  // namespace diffam
