// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The zero level set of an implicit shape as a closed, oriented manifold mesh, by marching tetrahedra (Doi &
// Koide 1991) with Kuhn's six tetrahedra in each cell. In contrast to surface nets and marching cubes, no
// cell is ambiguous. The triangles are uneven; a caller that needs even ones has to remesh.
#pragma once

#include <utility>

#include "diffam/image/grid.hpp"
#include "diffam/mesh/triangle_mesh.hpp"

namespace diffam {
namespace detail {

/// Visits the grid by layers of cells. Only the two slices of corners around a layer are in memory.
template <class Shape>
class tetrahedra_march {
 public:
  tetrahedra_march(const Shape& shape, const grid& g)
      : shape_(shape), grid_(g), slice_size_(static_cast<std::size_t>(g.size[0] * g.size[1])) {
    for (auto& s : slices_) s.value.resize(slice_size_);
    if (slice_size_ > 0 && g.size[2] > 0) enter_slice(0);
    for (index_t k = 0; k + 1 < g.size[2]; ++k) {
      enter_slice(k + 1);
      for (index_t j = 0; j + 1 < g.size[1]; ++j)
        for (index_t i = 0; i + 1 < g.size[0]; ++i) add_cell({i, j, k});
    }
  }

  triangle_mesh<double> mesh;

 private:
  using corner = vec<index_t, 3>;

  vec3<double> at(const corner& c) const {
    return grid_.to_world({static_cast<double>(c[0]), static_cast<double>(c[1]), static_cast<double>(c[2])});
  }
  void enter_slice(index_t k) {
    slice& s = slice_of({0, 0, k});
    for (index_t j = 0; j < grid_.size[1]; ++j)
      for (index_t i = 0; i < grid_.size[0]; ++i) s.value[slot({i, j, k})] = shape_(at({i, j, k}));
    s.vertex.assign(8 * slice_size_, -1);
  }
  std::size_t slot(const corner& c) const { return static_cast<std::size_t>(c[1] * grid_.size[0] + c[0]); }
  double value(const corner& c) const { return slices_[c[2] & 1].value[slot(c)]; }
  bool inside(const corner& c) const { return value(c) < 0; }

  /// Adds one tetrahedron for each order of the axes: the path from the low to the high corner of the cell.
  void add_cell(const corner& low) {
    int count = 0;
    for (int c = 0; c < 8; ++c) count += inside({low[0] + (c & 1), low[1] + (c >> 1 & 1), low[2] + (c >> 2)});
    if (count == 0 || count == 8) return;
    for (int a = 0; a < 3; ++a)
      for (int turn = 1; turn < 3; ++turn) {
        corner path[4] = {low, low, low, low};
        for (int s = 1; s < 4; ++s) ++path[s][a];
        for (int s = 2; s < 4; ++s) ++path[s][(a + turn) % 3];
        ++path[3][(a + 2 * turn) % 3];
        add_tetrahedron(path);
      }
  }

  void add_tetrahedron(const corner (&path)[4]) {
    int in[4], out[4], ins = 0, outs = 0;
    for (int c = 0; c < 4; ++c) (inside(path[c]) ? in[ins++] : out[outs++]) = c;
    const auto add = [&](const vec<int, 2>& p, const vec<int, 2>& q, const vec<int, 2>& r) {
      add_triangle(path, p, q, r, in[0], out[0]);
    };
    if (ins == 1) add({in[0], out[0]}, {in[0], out[1]}, {in[0], out[2]});
    if (ins == 3) add({in[0], out[0]}, {in[1], out[0]}, {in[2], out[0]});
    if (ins == 2) {
      add({in[0], out[0]}, {in[0], out[1]}, {in[1], out[1]});
      add({in[0], out[0]}, {in[1], out[1]}, {in[1], out[0]});
    }
  }

  /// Adds a triangle between three crossed edges, oriented so that `out` is in front of it. The orientation
  /// is computed from the midpoints of the edges, which are exact.
  void add_triangle(const corner (&path)[4], const vec<int, 2>& p, const vec<int, 2>& q, const vec<int, 2>& r,
                    int in, int out) {
    const auto middle = [&](const vec<int, 2>& e) {
      const corner sum = path[e[0]] + path[e[1]];
      return vec3<double>{static_cast<double>(sum[0]), static_cast<double>(sum[1]),
                          static_cast<double>(sum[2])};
    };
    const corner step = path[out] - path[in];
    const vec3<double> outward{static_cast<double>(step[0]), static_cast<double>(step[1]),
                               static_cast<double>(step[2])};
    const vec3<double> m = middle(p);
    face f{vertex(path, p), vertex(path, q), vertex(path, r)};
    if (dot(cross(middle(q) - m, middle(r) - m), outward) < 0) std::swap(f[1], f[2]);
    mesh.faces.push_back(f);
  }

  /// The vertex on an edge, created at its first use. It is kept away from the corners, so that every
  /// triangle has an area.
  stored_index vertex(const corner (&path)[4], const vec<int, 2>& e) {
    const corner& low = path[e[0] < e[1] ? e[0] : e[1]];
    const corner& high = path[e[0] < e[1] ? e[1] : e[0]];
    const corner d = high - low;
    stored_index& v =
        slice_of(low).vertex[8 * slot(low) + static_cast<std::size_t>(d[0] + 2 * d[1] + 4 * d[2])];
    if (v >= 0) return v;
    const double a = value(low), b = value(high);
    double t = a / (a - b);
    t = t < 0.1 ? 0.1 : t > 0.9 ? 0.9 : t;
    v = static_cast<stored_index>(mesh.vertices.size());
    mesh.vertices.push_back(at(low) + (at(high) - at(low)) * t);
    return v;
  }

  struct slice {
    std::vector<double> value;         // by corner
    std::vector<stored_index> vertex;  // by corner and direction (7): the vertex on this edge
  };
  slice& slice_of(const corner& c) { return slices_[c[2] & 1]; }

  const Shape& shape_;
  grid grid_;
  std::size_t slice_size_;
  slice slices_[2];  // the slices with even and with odd k
};

}  // namespace detail

/// The surface of {shape < 0}, with outward normals. `g` must contain the shape with a margin of one cell,
/// and its axes must be right-handed.
template <class Shape>  // world position -> value, negative inside
triangle_mesh<double> marching_tetrahedra(const Shape& shape, const grid& g) {
  return detail::tetrahedra_march<Shape>(shape, g).mesh;
}

}  // namespace diffam
