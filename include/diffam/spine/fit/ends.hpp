// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The two ends of the labelled chain. Beyond them lie bones without a mesh, onto which the first and the last
// mesh of the paper's method slide (Kim & Park 2024, section 4). Three remedies exist, each with its own
// options: a mask hides the image beyond an end from the image loss; a wall keeps the outer end plate near
// the start of the centre; another wall keeps the centre itself near its start. The start is the given
// centre, or the place to which the fit moved it before the first iteration.
#pragma once

#include <vector>

#include "diffam/loss/wall.hpp"
#include "diffam/spine/fit_plan.hpp"

namespace diffam::spine {

/// A vertebra without a neighbour on one side, in the frame of the fit.
struct chain_end {
  std::size_t vertebra;
  vec3<double> centre;   // at the start of the fit
  vec3<double> outward;  // unit vector along the spine, away from the chain
  double spacing;        // spacing of its level, in unit lengths
};

/// The upper end of the first vertebra and the lower end of the last one.
inline std::vector<chain_end> chain_ends(const fit_plan& plan, const fit_options& o) {
  std::vector<chain_end> ends;
  for (const bool lower : {false, true}) {
    const std::size_t m = lower ? plan.poses.size() - 1 : 0;
    const pose& p = plan.poses[m];
    ends.push_back({m, plan.frame.from_world(p.translation),
                    normalized(p.basis.row[2]) * (lower ? -1.0 : 1.0),
                    p.scale * o.template_spacing_mm / unit_length_mm});
  }
  return ends;
}

/// The plane that lies `spacings` level spacings beyond an end's centre.
inline plane<double> plane_beyond(const chain_end& end, double spacings) {
  return {end.centre + end.outward * (spacings * end.spacing), end.outward};
}

/// The region of the image loss: a half-space for each end, or all of space where the mask is off.
template <real T>
before_planes<T> end_mask(const fit_plan& plan, const fit_options& o) {
  before_planes<T> mask;
  if (o.end_mask == 0) return mask;
  for (const chain_end& end : chain_ends(plan, o)) {
    const plane<double> p = plane_beyond(end, o.end_mask);
    for (int k = 0; k < 3; ++k) {
      mask.at[mask.count].point[k] = static_cast<T>(p.point[k]);
      mask.at[mask.count].outward[k] = static_cast<T>(p.outward[k]);
    }
    ++mask.count;
  }
  return mask;
}

/// Walls for vertices of the end plates. A wall acts on the outer half of the body within 0.3 spacings of the
/// template's axis. This is the end plate without its rim, so that the wall does not prevent a tilt.
inline std::vector<wall> end_plate_walls(const fit_plan& plan, const fit_options& o) {
  constexpr double radius = 0.3;
  std::vector<wall> walls;
  for (const chain_end& end : chain_ends(plan, o)) {
    wall w{plane_beyond(end, o.end_wall), {}};
    const bool upper = dot(end.outward, plan.poses[end.vertebra].basis.row[2]) > 0;
    const auto& vertices = plan.templates[end.vertebra].vertices;
    const auto first = static_cast<index_t>(end.vertebra) * plan.vertices_each();
    for (std::size_t v = 0; v < vertices.size(); ++v) {
      const vec3<double>& x = vertices[v];
      if ((x[2] > 0) == upper && std::hypot(x[0], x[1]) < radius * o.template_spacing_mm)
        w.rows.push_back(static_cast<stored_index>(first + static_cast<index_t>(v)));
    }
    walls.push_back(std::move(w));
  }
  return walls;
}

/// Walls for unknowns: the centre of the vertebra, which is the row t_m of the unknowns.
inline std::vector<wall> centre_walls(const fit_plan& plan, index_t modes, const fit_options& o) {
  std::vector<wall> walls;
  for (const chain_end& end : chain_ends(plan, o)) {
    const auto row = (static_cast<index_t>(end.vertebra) + 1) * (modes + 4) - 1;
    walls.push_back({plane_beyond(end, o.centre_wall), {static_cast<stored_index>(row)}});
  }
  return walls;
}

}  // namespace diffam::spine
