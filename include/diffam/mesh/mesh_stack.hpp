// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Several meshes as one: their vertices in one array, their faces with indices into it. A spine is such a
// stack.
#pragma once

#include <string>
#include <vector>

#include "diffam/mesh/triangle_mesh.hpp"

namespace diffam {

/// Connectivity of M meshes. Mesh m has the vertices first_vertex[m] ... first_vertex[m + 1] - 1; faces
/// likewise.
struct mesh_stack {
  std::vector<face> faces;            // indices into the vertices of the stack
  std::vector<index_t> first_vertex;  // M + 1
  std::vector<index_t> first_face;    // M + 1

  index_t mesh_count() const { return static_cast<index_t>(first_vertex.size()) - 1; }
  index_t vertex_count() const { return first_vertex.back(); }
  index_t face_count() const { return first_face.back(); }
};

namespace detail {
/// Appends the faces of a mesh.
inline void push_mesh(mesh_stack& s, const std::vector<face>& faces, index_t vertex_count) {
  const index_t base = s.first_vertex.back();
  if (base + vertex_count > INT32_MAX)
    throw error("mesh_stack: expected at most 2147483647 vertices, got " +
                std::to_string(base + vertex_count));
  const auto shift = static_cast<stored_index>(base);
  for (const face& f : faces) s.faces.push_back({f[0] + shift, f[1] + shift, f[2] + shift});
  s.first_vertex.push_back(base + vertex_count);
  s.first_face.push_back(static_cast<index_t>(s.faces.size()));
}
}  // namespace detail

/// Stacks the connectivity of several meshes, in order. Throws `error` for more than 2^31 - 1 vertices.
template <real T>
mesh_stack stack_meshes(const std::vector<triangle_mesh<T>>& meshes) {
  mesh_stack s{{}, {0}, {0}};
  for (const auto& m : meshes) detail::push_mesh(s, m.faces, m.vertex_count());
  return s;
}

/// Stacks `count` meshes with the same connectivity (one template for all vertebrae).
inline mesh_stack stack_copies(const std::vector<face>& faces, index_t vertex_count, index_t count) {
  mesh_stack s{{}, {0}, {0}};
  for (index_t m = 0; m < count; ++m) detail::push_mesh(s, faces, vertex_count);
  return s;
}

/// The vertices of all meshes as a V x 3 buffer in memory space `Memory`.
template <real To, class Memory = host_memory, real From>
buffer<To, Memory> stacked_vertices(const std::vector<triangle_mesh<From>>& meshes) {
  triangle_mesh<From> all;
  for (const auto& m : meshes) all.vertices.insert(all.vertices.end(), m.vertices.begin(), m.vertices.end());
  return vertex_buffer<To, Memory>(all);
}

/// Mesh m of the stack. `vertices` are the vertices of the whole stack, in host memory. Throws `error` if m
/// is out of range or the extent is wrong.
template <real To = double, class From>
triangle_mesh<To> unstack_mesh(const mesh_stack& s, view<From> vertices, index_t m) {
  if (m < 0 || m >= s.mesh_count())
    throw error("unstack_mesh: expected a mesh in [0, " + std::to_string(s.mesh_count()) + "), got " +
                std::to_string(m));
  require_extent("unstack_mesh", "vertices", {s.vertex_count(), 3}, vertices.extent());
  const auto at = static_cast<std::size_t>(m);
  triangle_mesh<To> mesh;
  for (index_t v = s.first_vertex[at]; v < s.first_vertex[at + 1]; ++v)
    mesh.vertices.push_back(
        {static_cast<To>(vertices(v, 0)), static_cast<To>(vertices(v, 1)), static_cast<To>(vertices(v, 2))});
  const auto shift = static_cast<stored_index>(s.first_vertex[at]);
  for (index_t f = s.first_face[at]; f < s.first_face[at + 1]; ++f) {
    const face& t = s.faces[static_cast<std::size_t>(f)];
    mesh.faces.push_back({t[0] - shift, t[1] - shift, t[2] - shift});
  }
  return mesh;
}

}  // namespace diffam
