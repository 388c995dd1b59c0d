// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// CGAL's closest point and side of a triangle mesh on one thread, for sdf_peers.cpp. Only sdf_cgal.cpp
// includes CGAL's headers.
#pragma once

#include <memory>

#include "diffam/mesh/triangle_mesh.hpp"
#include "diffam/sdf/ray.hpp"

namespace diffam::bench {

class cgal_mesh {
 public:
  explicit cgal_mesh(const triangle_mesh<double>& mesh);
  cgal_mesh(const cgal_mesh&) = delete;
  cgal_mesh& operator=(const cgal_mesh&) = delete;
  ~cgal_mesh();

  /// The distance from p to the surface, computed from the closest point and its face.
  double distance(const vec3<float>& p) const;
  bool inside(const vec3<float>& p) const;
  /// t of the first hit, infinite if there is none.
  double first_hit(const ray<float>& r) const;

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace diffam::bench
