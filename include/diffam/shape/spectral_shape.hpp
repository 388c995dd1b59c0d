// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A deformable mesh as the start of a pipeline: coefficients -> vertices (V x 3). The initial coefficients
// give the mesh itself.
//
//     auto model = diffam::pipeline(diffam::spectral_shape<float, exec>(mesh, {.modes = 64}), ...);
#pragma once

#include "diffam/component/pipeline.hpp"
#include "diffam/shape/coefficients.hpp"
#include "diffam/shape/projection.hpp"
#include "diffam/shape/spectral_map.hpp"

namespace diffam {

/// The type that `spectral_shape` returns: first() holds the coefficients, second() is the map.
template <real T, exec::policy Exec>
using spectral_shape_component = chain<coefficients<T, Exec>, spectral_map<T, Exec>>;

/// One mesh, deformed by the modes of `basis` and an affine map.
template <real T,             // scalar
          exec::policy Exec>  // execution policy
spectral_shape_component<T, Exec> spectral_shape(const triangle_mesh<double>& mesh, const eigenbasis& basis) {
  shape_projections shapes;
  shapes.push_back(project_shape(basis, mesh.vertices));
  const buffer<double> start = initial_coefficients(shapes, {mat3<double>::identity()}, {vec3<double>{}});
  const buffer<double> residuals = stack_residuals(shapes, 1);
  return {coefficients<T, Exec>(start.get()), spectral_map<T, Exec>(basis.phi.get(), residuals.get())};
}

/// The same; computes the basis of the mesh.
template <real T, exec::policy Exec, real From>
spectral_shape_component<T, Exec> spectral_shape(const triangle_mesh<From>& mesh, eigenbasis_params p = {}) {
  const triangle_mesh<double> m = mesh_cast<double>(mesh);
  return spectral_shape<T, Exec>(m, compute_eigenbasis(m, p));
}

}  // namespace diffam
