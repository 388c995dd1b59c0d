// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The parts and landmarks of a template that is not built in. The built-in vertebra of the level is fitted to
// it; each vertex takes the part of the nearest fitted vertex, each landmark the nearest point.
#pragma once

#include "diffam/mesh/area_sampling.hpp"
#include "diffam/spine/anatomy/template_anatomy.hpp"
#include "diffam/spine/template/carried_onto.hpp"
#include "diffam/spine/template/mask_shape.hpp"

namespace diffam::spine {

/// `mesh`: a closed template of level `label` in mm, in the frame of templates (origin at the body's centre,
/// x right, y front, z head). Takes seconds. Throws `error` where the level is no vertebra.
template <exec::policy Host>
template_anatomy carried_anatomy(const Host& e, int label, const triangle_mesh<double>& mesh,
                                 const detail::align_params& align = {},
                                 const fit_connectivity_params& fit = {}) {
  const triangle_mesh<double> builtin = make_vertebrae(std::span(&label, 1)).at(label);
  const template_anatomy known = builtin_anatomy(label, builtin);
  std::vector<vec3<double>> both = builtin.vertices;
  both.insert(both.end(), mesh.vertices.begin(), mesh.vertices.end());
  const volume<float> wanted =
      distance_volume(e, mesh, detail::grid_around(both, 1, 10), {.reach = align.reach});
  const triangle_mesh<double> carried = detail::carried_onto(e, builtin, wanted, align, fit);
  template_anatomy out;
  for (const vec3<double>& v : mesh.vertices) {
    const surface_point p = nearest_surface_point(carried, v);
    const face& f = carried.faces[static_cast<std::size_t>(p.face)];
    out.parts.push_back(known.parts[static_cast<std::size_t>(corner_of_largest_weight(f, p.weights))]);
  }
  for (const landmark& l : known.landmarks) {
    landmark there{l.name, l.number, {}};
    for (const surface_point& p : l.points)
      there.points.push_back(nearest_surface_point(mesh, position_of(carried, p)));
    out.landmarks.push_back(std::move(there));
  }
  return out;
}

}  // namespace diffam::spine
