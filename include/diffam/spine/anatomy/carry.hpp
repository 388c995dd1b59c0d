// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Deforms one mesh from the shape of one vertebra to the shape of another. The measures change in small
// steps. At each step, every vertex moves with the part of the bone on which it lies, and is then projected
// back onto the surface. Vertices of thin triangles slide within the surface towards the middle of their
// faces. The faces never change, so vertex k stays at the same anatomical place.
#pragma once

#include <vector>

#include "diffam/mesh/quality.hpp"
#include "diffam/mesh/triangle_mesh.hpp"
#include "diffam/spine/anatomy/vertebra_shape.hpp"

namespace diffam::spine::anatomy {

/// Parameters of the deformation.
struct carry_params {
  double step = 1;  // largest change of one measure in one step, mm; for angles: 1 is 30 degrees
  int slides = 8;   // rounds of sliding after each step, at most
};

/// Holds a mesh and deforms it from level to level.
class mesh_carrier {
 public:
  explicit mesh_carrier(triangle_mesh<double> mesh)
      : mesh_(std::move(mesh)), faces_of_(mesh_.vertices.size()), normals_(mesh_.vertices.size()) {
    for (const face& f : mesh_.faces)
      for (int k = 0; k < 3; ++k)
        faces_of_[static_cast<std::size_t>(f[k])].push_back({f[(k + 1) % 3], f[(k + 2) % 3]});
  }

  const triangle_mesh<double>& mesh() const { return mesh_; }

  /// Deforms the mesh, which lies on the surface of `from`, to the surface of `to`.
  void carry(const vertebra_measures& from, const vertebra_measures& to, const carry_params& p = {}) {
    const auto change = as_row(to) - as_row(from);
    double most = 0;
    for (int i = 0; i < measure_count; ++i) most = std::abs(change[i]) > most ? std::abs(change[i]) : most;
    const int steps = 1 + static_cast<int>(most / p.step);
    for (int step = 1; step <= steps; ++step) {
      const vertebra_shape here(between(from, to, (step - 1.0) / steps)),
          there(between(from, to, static_cast<double>(step) / steps));
      for (std::size_t i = 0; i < mesh_.vertices.size(); ++i)
        place(there, i, here.carried(mesh_.vertices[i], there));
      for (int s = 0; s < p.slides && slide(there); ++s) {
      }
    }
    for (auto& v : mesh_.vertices) v = snapped(v);
  }

 private:
  using spoke = vec<stored_index, 2>;  // the other two corners of a face, in its order

  const vec3<double>& at(stored_index i) const { return mesh_.vertices[static_cast<std::size_t>(i)]; }

  /// Puts vertex i on the surface near p, with Newton steps along the gradient.
  void place(const vertebra_shape& shape, std::size_t i, vec3<double> p) {
    for (int step = 0; step < 4; ++step) {
      const jet f = shape.with_gradient(p);
      const double squared = squared_norm(f.g);
      if (!(squared > 1e-6)) break;
      normals_[i] = f.g * (1 / std::sqrt(squared));
      const double way = -f.v / std::sqrt(squared);
      p += normals_[i] * (way < -1 ? -1 : way > 1 ? 1 : way);  // mm
      if (std::abs(way) < 0.01) break;  // Newton converges quadratically: the error left is tiny
    }
    mesh_.vertices[i] = p;
  }

  /// Moves the vertices of thin triangles, one after the other. The target is the area-weighted mean of the
  /// centroids of their faces, within the tangent plane. A vertex moves only as far as its worst face gets
  /// better. Returns false where no vertex moved.
  bool slide(const vertebra_shape& shape) {
    bool moved = false;
    for (std::size_t i = 0; i < mesh_.vertices.size(); ++i) {
      const double before = worst_face(i);
      if (before > good) continue;
      const vec3<double> old = mesh_.vertices[i], normal = normals_[i];
      vec3<double> sum{};
      double weights = 0;
      for (const spoke& s : faces_of_[i]) {
        const double area = norm(cross(at(s[0]) - old, at(s[1]) - old));
        sum += (at(s[0]) + at(s[1]) + old) * (area / 3);
        weights += area;
      }
      if (!(weights > 0)) continue;
      const vec3<double> way = sum * (1 / weights) - old;
      const vec3<double> within = way - normal * dot(normal, way);
      for (double share = 1; share > 0.2; share /= 2) {
        place(shape, i, old + within * share);
        if (worst_face(i) > before) {
          moved = true;
          break;
        }
        mesh_.vertices[i] = old, normals_[i] = normal;
      }
    }
    return moved;
  }

  /// The lowest quality (mesh/quality.hpp) of the faces at vertex i; negative where a face points inward.
  double worst_face(std::size_t i) const {
    const vec3<double>& p = mesh_.vertices[i];
    double least = 1;
    for (const spoke& s : faces_of_[i]) {
      const double q = triangle_quality(p, at(s[0]), at(s[1]));
      const double signed_q = dot(cross(at(s[0]) - p, at(s[1]) - p), normals_[i]) < 0 ? -q : q;
      least = signed_q < least ? signed_q : least;
    }
    return least;
  }

  /// Rounds to multiples of 2^-12 mm, so that the result is the same with every compiler.
  static vec3<double> snapped(vec3<double> p) {
    for (int k = 0; k < 3; ++k) p[k] = std::nearbyint(p[k] * 4096) / 4096;
    return p;
  }

  static constexpr double good = 0.75;  // triangles of this quality or better are left alone

  triangle_mesh<double> mesh_;
  std::vector<std::vector<spoke>> faces_of_;
  std::vector<vec3<double>> normals_;  // surface normal at each vertex
};

}  // namespace diffam::spine::anatomy
