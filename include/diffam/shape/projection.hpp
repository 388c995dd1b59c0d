// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Projection of a shape to an eigenbasis: U0 = Phi^T M V0, with the residual R = V0 - Phi U0 that K modes
// cannot represent. Also the initial coefficients of a fit. Set-up code on the host, in double.
#pragma once

#include <string>
#include <vector>

#include "diffam/shape/eigenbasis.hpp"

namespace diffam {

/// A shape as Phi `coefficients` + `residual`.
struct shape_projection {
  buffer<double> coefficients;  // K x 3
  buffer<double> residual;      // V x 3
};

/// Projects vertices that correspond one to one to the vertices of the basis' mesh: its own, or those of
/// another level's template. Throws `error` on a wrong number of vertices.
inline shape_projection project_shape(const eigenbasis& basis, const std::vector<vec3<double>>& vertices) {
  const index_t n = basis.vertex_count(), modes = basis.modes();
  require_extent("project_shape", "vertices", {n, 3}, {static_cast<index_t>(vertices.size()), 3});
  shape_projection p{buffer<double>(modes, 3), buffer<double>(n, 3)};
  const view<const double> phi = basis.phi.get();
  const view<double> u = p.coefficients.get(), r = p.residual.get();
  for (index_t v = 0; v < n; ++v) {
    const vec3<double> x = vertices[static_cast<std::size_t>(v)] * basis.mass[static_cast<std::size_t>(v)];
    for (index_t k = 0; k < modes; ++k) add3(u, k, x * phi(v, k));
  }
  for (index_t v = 0; v < n; ++v) {
    vec3<double> x = vertices[static_cast<std::size_t>(v)];
    for (index_t k = 0; k < modes; ++k) x -= load3(view<const double>(u), k) * phi(v, k);
    store3(r, v, x);
  }
  return p;
}

/// One projection for all vertebrae, or one for each.
using shape_projections = std::vector<shape_projection>;

namespace detail {
/// The projection for one vertebra. Throws `error` unless there is one for all or one for each.
inline const shape_projection& projection_of(const char* who, const shape_projections& shapes,
                                             index_t vertebra, index_t vertebrae) {
  const auto count = static_cast<index_t>(shapes.size());
  if (count != 1 && count != vertebrae)
    throw error(std::string(who) + ": expected 1 or " + std::to_string(vertebrae) + " shapes, got " +
                std::to_string(count));
  return shapes[static_cast<std::size_t>(count == 1 ? 0 : vertebra)];
}
}  // namespace detail

/// The residuals of all vertebrae in one buffer for `spectral_map`: M V x 3.
inline buffer<double> stack_residuals(const shape_projections& shapes, index_t vertebrae) {
  const index_t n = detail::projection_of("stack_residuals", shapes, 0, vertebrae).residual.get().rows;
  buffer<double> all(vertebrae * n, 3);
  for (index_t m = 0; m < vertebrae; ++m) {
    const auto& r = detail::projection_of("stack_residuals", shapes, m, vertebrae).residual;
    require_extent("stack_residuals", "residual", {n, 3}, r.get().extent());
    std::copy_n(r.data(), r.size(), all.get().row(m * n));
  }
  return all;
}

/// The coefficients of M vertebrae in the layout of `spectral_map`, (K + 4) M x 3. For each vertebra: the
/// spectral coefficients of its shape, then the affine map V_m = X B_m + t_m. `axes` are the B_m (row k is
/// the image of the template's axis k), `translations` the t_m. Throws `error` if the counts differ.
inline buffer<double> initial_coefficients(const shape_projections& shapes,
                                           const std::vector<mat3<double>>& axes,
                                           const std::vector<vec3<double>>& translations) {
  const auto vertebrae = static_cast<index_t>(axes.size());
  if (translations.size() != axes.size() || axes.empty())
    throw error("initial_coefficients: expected as many translations as axes and at least one, got " +
                std::to_string(translations.size()) + " and " + std::to_string(axes.size()));
  const index_t modes =
      detail::projection_of("initial_coefficients", shapes, 0, vertebrae).coefficients.get().rows;
  buffer<double> all((modes + 4) * vertebrae, 3);
  for (index_t m = 0; m < vertebrae; ++m) {
    const auto& u = detail::projection_of("initial_coefficients", shapes, m, vertebrae).coefficients;
    require_extent("initial_coefficients", "spectral coefficients", {modes, 3}, u.get().extent());
    const view<double> rows = all.get().rows_from(m * (modes + 4), modes + 4);
    std::copy_n(u.data(), u.size(), rows.data);
    const auto at = static_cast<std::size_t>(m);
    for (int k = 0; k < 3; ++k) store3(rows, modes + k, axes[at].row[k]);
    store3(rows, modes + 3, translations[at]);
  }
  return all;
}

}  // namespace diffam
