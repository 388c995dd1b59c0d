// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// CGAL's closest point and side of a triangle mesh, one thread: a peer of sdf_peers.cpp. Its headers stay in
// sdf_cgal.cpp.
#pragma once

#include <memory>

#include "diffam/mesh/triangle_mesh.hpp"

namespace diffam::bench {

class cgal_mesh {
 public:
  explicit cgal_mesh(const triangle_mesh<double>& mesh);
  cgal_mesh(const cgal_mesh&) = delete;
  cgal_mesh& operator=(const cgal_mesh&) = delete;
  ~cgal_mesh();

  /// Distance from p to the surface, its closest point and face found.
  double distance(const vec3<float>& p) const;
  bool inside(const vec3<float>& p) const;

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace diffam::bench
