// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Makes the result of a fit from its numbers: meshes and centres in world mm, and the appearance curve.
#pragma once

#include "diffam/render/appearance_curve.hpp"
#include "diffam/spine/fit_plan.hpp"
#include "diffam/spine/fit_result.hpp"

namespace diffam::spine {

namespace detail {
template <class T>
vec3<double> world_point(const fit_plan& plan, view<const T> rows, index_t i) {
  const vec3<T> p = load3(rows, i);
  return plan.frame.to_world(
      {static_cast<double>(p[0]), static_cast<double>(p[1]), static_cast<double>(p[2])});
}
}  // namespace detail

/// Vertebra m of a fit. `vertices` are all vertices (M V x 3) and `centre` is the origin of vertebra m, both
/// in the plan's frame.
template <class T>
fitted_vertebra report_vertebra(const fit_plan& plan, index_t m, view<const T> vertices,
                                const vec3<double>& centre) {
  const auto at = static_cast<std::size_t>(m);
  const index_t count = plan.vertices_each();
  fitted_vertebra v;
  v.label = plan.centres[at].label;
  v.start = plan.centres[at].position;
  v.flags = plan.remarks[at];
  v.centre = plan.frame.to_world(centre);
  v.mesh.faces = plan.templates[at].faces;
  for (index_t i = 0; i < count; ++i)
    v.mesh.vertices.push_back(detail::world_point(plan, vertices, m * count + i));
  v.before_stage = v.mesh.vertices;
  return v;
}

/// Appends f_theta for distances of -30 to 30 mm from the surface, one value every 0.25 mm.
template <component Renderer>
void append_curve(const Renderer& renderer, const typename Renderer::exec& e, fit_result& r) {
  using T = typename Renderer::scalar;
  constexpr double reach = 30;
  constexpr int count = 241;
  const auto last = static_cast<T>(reach / unit_length_mm);
  const std::vector<T> curve = appearance_curve(renderer, e, -last, last, count);
  for (int i = 0; i < count; ++i) {
    r.curve_distance_mm.push_back(-reach + 2 * reach * i / (count - 1));
    r.curve_intensity.push_back(static_cast<double>(curve[static_cast<std::size_t>(i)]));
  }
}

}  // namespace diffam::spine
