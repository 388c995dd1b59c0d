// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A surface that answers how far points are from it: the tree of sdf/ over a fixed mesh, in double.
#pragma once

#include "diffam/exec/serial.hpp"
#include "diffam/sdf/closest.hpp"
#include "diffam/sdf/tree.hpp"

namespace diffam::metrics::detail {

class surface_index {
 public:
  /// `mesh` has at least one face.
  explicit surface_index(const triangle_mesh<double>& mesh)
      : vertices_(vertex_buffer<double>(mesh)), tree_(mesh.faces, mesh.vertex_count(), {.dipoles = false}) {
    tree_.rebuild(vertices_.get());
    arena measuring;
    tree_.plan(measuring);
    memory_ = buffer<std::byte>(measuring.used());
    arena memory(memory_.data(), memory_.size());
    const auto storage = tree_.plan(memory);
    tree_.refit(exec::serial{}, std::as_const(vertices_).get(), storage);
    queries_ = tree_.queries(storage, std::as_const(vertices_).get());
  }
  surface_index(const surface_index&) = delete;
  surface_index& operator=(const surface_index&) = delete;

  double distance(const vec3<double>& p) const {
    return std::sqrt(nearest_in_mesh(queries_, stored_index{0}, p).squared_distance);
  }

 private:
  buffer<double> vertices_;
  face_tree<double, exec::serial> tree_;
  buffer<std::byte> memory_;
  tree_view<double> queries_;
};

/// Kernel: distance of each point.
struct surface_distance_kernel {
  const surface_index* surface;
  const vec3<double>* points;
  double* distance;
  void operator()(index_t i) const { distance[i] = surface->distance(points[i]); }
};

}  // namespace diffam::metrics::detail
