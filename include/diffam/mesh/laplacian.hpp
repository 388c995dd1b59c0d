// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The Laplace-Beltrami operator of a mesh by linear finite elements (Pinkall & Polthier 1993; Levy & Zhang,
// "Spectral mesh processing", SIGGRAPH courses 2010). The stiffness is S_ij = -(cot a_ij + cot b_ij) / 2 with
// rows that sum to 0. The lumped mass M_ii is a third of the area of the faces at vertex i. Set-up code.
#pragma once

#include "diffam/core/eigen.hpp"

#include <Eigen/SparseCore>
#include <string>
#include <vector>

#include "diffam/mesh/normals/formulas.hpp"
#include "diffam/mesh/topology.hpp"
#include "diffam/mesh/triangle_mesh.hpp"

namespace diffam {

namespace detail {
/// Calls f(face, twice its area) for all faces. Throws `error` (bad_data) if a face has no area.
template <class F>
void for_each_face_area(const char* who, const triangle_mesh<double>& mesh, F&& f) {
  require_indices(who, mesh.faces, mesh.vertex_count());
  for (std::size_t i = 0; i < mesh.faces.size(); ++i) {
    const face& t = mesh.faces[i];
    const auto at = [&](int k) { return mesh.vertices[static_cast<std::size_t>(t[k])]; };
    const double twice = 2 * norm(area_vector(at(0), at(1), at(2)));
    if (!(twice > 0))
      throw error(std::string(who) + ": expected faces with an area, got none in face " + std::to_string(i),
                  error_kind::bad_data);
    f(t, twice);
  }
}
}  // namespace detail

/// The stiffness matrix: V x V, symmetric, positive semi-definite, zero on the constant vector. Throws
/// `error` (bad_data) for bad indices and faces without area.
inline Eigen::SparseMatrix<double> cotangent_stiffness(const triangle_mesh<double>& mesh) {
  std::vector<Eigen::Triplet<double>> entries;
  entries.reserve(12 * mesh.faces.size());
  detail::for_each_face_area("cotangent_stiffness", mesh, [&](const face& t, double twice) {
    for (int k = 0; k < 3; ++k) {
      const int i = t[(k + 1) % 3], j = t[(k + 2) % 3];
      const vec3<double> o = mesh.vertices[static_cast<std::size_t>(t[k])];
      const double cotangent = dot(mesh.vertices[static_cast<std::size_t>(i)] - o,
                                   mesh.vertices[static_cast<std::size_t>(j)] - o) /
                               twice;
      entries.emplace_back(i, j, -cotangent / 2);
      entries.emplace_back(j, i, -cotangent / 2);
      entries.emplace_back(i, i, cotangent / 2);
      entries.emplace_back(j, j, cotangent / 2);
    }
  });
  Eigen::SparseMatrix<double> s(mesh.vertex_count(), mesh.vertex_count());
  s.setFromTriplets(entries.begin(), entries.end());
  return s;
}

/// The diagonal of the lumped mass matrix, V numbers. They sum to the area of the mesh. Throws as above.
inline std::vector<double> lumped_mass(const triangle_mesh<double>& mesh) {
  std::vector<double> mass(mesh.vertices.size(), 0.0);
  detail::for_each_face_area("lumped_mass", mesh, [&](const face& t, double twice) {
    for (int k = 0; k < 3; ++k) mass[static_cast<std::size_t>(t[k])] += twice / 6;
  });
  return mass;
}

}  // namespace diffam
