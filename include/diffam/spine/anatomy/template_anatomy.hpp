// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The parts and landmarks of a template: those of the built-in vertebra of its level, or, for a mesh of
// another origin, those of the built-in vertebra carried onto it.
#pragma once

#include "diffam/spine/anatomy/family.hpp"
#include "diffam/spine/anatomy/landmarks.hpp"

namespace diffam::spine {

/// Parts and landmarks of one mesh. They hold for every mesh with the same faces and the same vertices.
struct template_anatomy {
  std::vector<bone_part> parts;  // of each vertex
  std::vector<landmark> landmarks;
};

/// The sub-region number of each vertex (`subregion_number`).
inline std::vector<std::uint8_t> subregion_numbers(const template_anatomy& a) {
  std::vector<std::uint8_t> out;
  for (const bone_part p : a.parts) out.push_back(static_cast<std::uint8_t>(subregion_number(p)));
  return out;
}

/// Of the mesh that `make_vertebrae` returns for `label` with the same parameters.
inline template_anatomy builtin_anatomy(int label, const triangle_mesh<double>& mesh,
                                        const family_params& p = {}) {
  triangle_mesh<double> natural = mesh;
  const anatomy::placing place(label, p);
  for (auto& v : natural.vertices) v = place.inverse(v);
  const anatomy::vertebra_measures m = anatomy::measures_of(label, p.sex);
  const anatomy::vertebra_shape shape(m);
  template_anatomy out;
  for (const auto& v : natural.vertices)
    out.parts.push_back(anatomy::process_at(label, m, anatomy::nearest_part(shape, v), v));
  for (const anatomy::landmark_target& t : anatomy::landmark_targets(label, m)) {
    landmark l{t.name, t.number, {}};
    for (const vec3<double>& near : t.near) l.points.push_back(nearest_surface_point(natural, near));
    out.landmarks.push_back(std::move(l));
  }
  return out;
}

}  // namespace diffam::spine
