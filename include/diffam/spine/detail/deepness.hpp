// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Exact distance from a point to a mesh's surface for the few voxels that two meshes claim: all faces, with
// those skipped whose bounding sphere is farther than the nearest face so far. Nothing to build, nothing to
// balance; for many points take the tree of sdf/.
#pragma once

#include "diffam/mesh/triangle_mesh.hpp"

namespace diffam::spine::detail {

/// Squared distance from p to the triangle (a, b, c) (Ericson, "Real-time collision detection", 5.1.5).
inline double squared_distance_to_triangle(const vec3<double>& p, const vec3<double>& a,
                                           const vec3<double>& b, const vec3<double>& c) {
  const vec3<double> ab = b - a, ac = c - a, ap = p - a;
  const double d1 = dot(ab, ap), d2 = dot(ac, ap);
  if (d1 <= 0 && d2 <= 0) return squared_norm(ap);
  const vec3<double> bp = p - b;
  const double d3 = dot(ab, bp), d4 = dot(ac, bp);
  if (d3 >= 0 && d4 <= d3) return squared_norm(bp);
  const vec3<double> cp = p - c;
  const double d5 = dot(ab, cp), d6 = dot(ac, cp);
  if (d6 >= 0 && d5 <= d6) return squared_norm(cp);
  const double vc = d1 * d4 - d3 * d2, vb = d5 * d2 - d1 * d6, va = d3 * d6 - d5 * d4;
  if (vc <= 0 && d1 >= 0 && d3 <= 0) return squared_norm(ap - ab * (d1 / (d1 - d3)));
  if (vb <= 0 && d2 >= 0 && d6 <= 0) return squared_norm(ap - ac * (d2 / (d2 - d6)));
  if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0)
    return squared_norm(bp - (c - b) * ((d4 - d3) / ((d4 - d3) + (d5 - d6))));
  const double s = 1 / (va + vb + vc);
  return squared_norm(ap - ab * (vb * s) - ac * (vc * s));
}

class surface_distance_bound {
 public:
  explicit surface_distance_bound(const triangle_mesh<double>& mesh) : mesh_(&mesh) {
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
      const double d = squared_distance_to_triangle(p, corner(f, 0), corner(f, 1), corner(f, 2));
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
