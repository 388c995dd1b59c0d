// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The shape space of a fit (Kim & Park 2024, section 2.3): one eigenbasis, computed from the average of the
// templates, and the coefficients of each vertebra's own template.
#pragma once

#include <concepts>

#include "diffam/shape/projection.hpp"
#include "diffam/spine/fit_plan.hpp"

namespace diffam::spine {

/// The template of each vertebra in the basis. K: modes, M: vertebrae, V: vertices of a template.
struct fit_shapes {
  shape_projections projections;
  buffer<double> start;      // (K + 4) M x 3: coefficients of the templates at their poses
  buffer<double> residuals;  // M V x 3: the part of the templates that the basis does not hold
};

namespace detail {
inline triangle_mesh<double> in_units(triangle_mesh<double> mesh) {
  for (auto& v : mesh.vertices) v *= 1 / unit_length_mm;
  return mesh;
}
}  // namespace detail

/// Coefficients of vertebrae that have the shapes of their templates and stand at `poses`.
inline buffer<double> coefficients_at(const shape_projections& projections, const std::vector<pose>& poses,
                                      const unit_frame& frame) {
  std::vector<mat3<double>> axes;
  std::vector<vec3<double>> shifts;
  for (const pose& p : poses) {
    axes.push_back(p.basis);
    shifts.push_back(frame.from_world(p.translation));
  }
  return initial_coefficients(projections, axes, shifts);
}

/// The eigenbasis of the average of a set. This is a template, so that only its callers compile the
/// eigensolver.
template <std::same_as<template_set> Templates>
eigenbasis make_basis(const Templates& templates, const fit_options& o, int threads = 1) {
  const triangle_mesh<double> average = detail::in_units(templates.average());
  return compute_eigenbasis(
      average, {.modes = std::min<index_t>(o.modes, average.vertex_count()), .threads = threads});
}

/// The plan's templates in the basis; the start is at `poses`.
inline fit_shapes make_shapes(const eigenbasis& basis, const fit_plan& plan, const std::vector<pose>& poses) {
  fit_shapes s;
  for (const auto& mesh : plan.templates)
    s.projections.push_back(project_shape(basis, detail::in_units(mesh).vertices));
  s.start = coefficients_at(s.projections, poses, plan.frame);
  s.residuals = stack_residuals(s.projections, plan.count());
  return s;
}

}  // namespace diffam::spine
