// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Exact distance from a point to the surface of a mesh, for the few voxels that two meshes claim. It tests
// all faces, and skips a face whose bounding sphere is farther away than the nearest face so far. There is
// nothing to build; for many points use the tree of sdf/.
#pragma once

#include "diffam/mesh/triangle_mesh.hpp"
#include "diffam/sdf/formulas.hpp"

namespace diffam::spine::detail {

/// Squared distances in the square of the mesh's unit.
class contested_surface {
 public:
  explicit contested_surface(const triangle_mesh<double>& mesh) : mesh_(&mesh) {
    spheres_.reserve(mesh.faces.size());
    for (const face& f : mesh.faces) {
      const vec3<double> centre = (corner(f, 0) + corner(f, 1) + corner(f, 2)) * (1.0 / 3);
      double radius = 0;
      for (int k = 0; k < 3; ++k) {
        const double r = norm(corner(f, k) - centre);
        radius = r > radius ? r : radius;
      }
      spheres_.push_back({centre[0], centre[1], centre[2], radius * (1 + 1e-12)});
    }
  }

  double squared_distance(const vec3<double>& p) const {
    double best = 1e300, best_root = 1e150;
    for (std::size_t i = 0; i < spheres_.size(); ++i) {
      const auto& s = spheres_[i];
      const double reach = best_root + s[3];
      if (squared_norm(p - vec3<double>{s[0], s[1], s[2]}) >= reach * reach) continue;
      const face& f = mesh_->faces[i];
      const double d = closest_on_triangle(p, corner(f, 0), corner(f, 1), corner(f, 2)).squared_distance;
      if (d < best) best = d, best_root = std::sqrt(d);
    }
    return best;
  }

 private:
  const vec3<double>& corner(const face& f, int k) const {
    return mesh_->vertices[static_cast<std::size_t>(f[k])];
  }

  const triangle_mesh<double>* mesh_;
  std::vector<vec<double, 4>> spheres_;  // centre and radius of each face
};

}  // namespace diffam::spine::detail
