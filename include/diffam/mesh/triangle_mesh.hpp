// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A triangle mesh in host memory, for set-up code. Kernels get views of its data.
#pragma once

#include <vector>

#include "diffam/core/buffer.hpp"

namespace diffam {

/// Vertices (in mm, world RAS+, unless stated otherwise) and faces (counter-clockwise seen from outside).
template <real T = double>
struct triangle_mesh {
  std::vector<vec3<T>> vertices;
  std::vector<face> faces;

  index_t vertex_count() const { return static_cast<index_t>(vertices.size()); }
  index_t face_count() const { return static_cast<index_t>(faces.size()); }
};

/// The vertices as a V x 3 buffer in memory space `Memory`.
template <real To, class Memory = host_memory, real From>
buffer<To, Memory> vertex_buffer(const triangle_mesh<From>& mesh) {
  buffer<To> host(mesh.vertex_count(), 3);
  for (index_t i = 0; i < mesh.vertex_count(); ++i)
    for (int k = 0; k < 3; ++k)
      host.get()(i, k) = static_cast<To>(mesh.vertices[static_cast<std::size_t>(i)][k]);
  if constexpr (std::is_same_v<Memory, host_memory>)
    return host;
  else
    return make_buffer<Memory>(host.get());
}

/// The mesh in another precision.
template <real To, real From>
triangle_mesh<To> mesh_cast(const triangle_mesh<From>& mesh) {
  triangle_mesh<To> out;
  out.faces = mesh.faces;
  out.vertices.reserve(mesh.vertices.size());
  for (const auto& v : mesh.vertices)
    out.vertices.push_back({static_cast<To>(v[0]), static_cast<To>(v[1]), static_cast<To>(v[2])});
  return out;
}

}  // namespace diffam
