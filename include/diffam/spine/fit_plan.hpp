// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What a fit decides before its first iteration, in ordinary memory: which vertebrae, their templates and
// where these start, the frame, and the part of the image to look at.
#pragma once

#include <string>
#include <vector>

#include "diffam/image/isotropic_grid.hpp"
#include "diffam/image/normalize.hpp"
#include "diffam/image/resample.hpp"
#include "diffam/loss/variance.hpp"
#include "diffam/spine/fit/unit_frame.hpp"
#include "diffam/spine/fit_options.hpp"
#include "diffam/spine/template/set.hpp"

namespace diffam::spine {

struct fit_plan {
  centroid_list centres;                         // in anatomical order
  std::vector<pose> poses;                       // world mm
  std::vector<triangle_mesh<double>> templates;  // of each vertebra, mm, one connectivity
  std::vector<triangle_mesh<double>> start;      // templates at their poses, world mm
  unit_frame frame;
  grid looked_at;  // isotropic, relative to the frame's centre, mm

  index_t count() const { return static_cast<index_t>(centres.size()); }
  index_t vertices_each() const { return templates[0].vertex_count(); }
};

/// Throws `error` where centres, templates or options are not usable; what is odd goes to `warnings`.
inline fit_plan plan_fit(const grid& image, centroid_list centres, const template_set& templates,
                         const fit_options& o, std::vector<std::string>& warnings) {
  check(o);
  fit_plan p;
  sort_anatomically(centres);
  p.poses = start_poses(centres,
                        {.template_spacing = o.template_spacing_mm,
                         .chain_scale = o.chain_scale,
                         .lordotic_end = o.lordotic_end},
                        warnings);
  p.centres = std::move(centres);
  std::vector<vec3<double>> corners;
  for (std::size_t m = 0; m < p.poses.size(); ++m) {
    p.templates.push_back(templates[p.centres[m].label]);
    p.start.push_back(transformed(p.poses[m], p.templates[m]));
    corners.insert(corners.end(), p.start[m].vertices.begin(), p.start[m].vertices.end());
    p.frame.centre += p.poses[m].translation * (1 / static_cast<double>(p.poses.size()));
  }
  // Samples farther out than four standard deviations are one in 16,000; the rest is room to move.
  const double margin = 4 * o.noise_mm + 12;
  p.looked_at = p.frame.from_world(isotropic_grid(image, o.spacing_mm, corners, margin));
  return p;
}

/// Pairs of vertebrae (their numbers) that are neighbours in the spine.
inline std::vector<vertebra_pair> neighbour_pairs(const centroid_list& centres) {
  std::vector<vertebra_pair> pairs;
  for (std::size_t m = 0; m + 1 < centres.size(); ++m)
    if (are_neighbours(centres[m].label, centres[m + 1].label))
      pairs.push_back({static_cast<stored_index>(m), static_cast<stored_index>(m + 1)});
  return pairs;
}

/// The grid that a fit looks at, in world mm.
inline grid looked_at_in_world(const fit_plan& plan) {
  grid world = plan.looked_at;
  world.origin += plan.frame.centre;
  return world;
}

/// The CT as the fit sees it: cropped, isotropic, windowed, in the frame of the plan. Of the CT,
/// `voxels_resampled(ct.geometry, looked_at_in_world(plan))` have to be kept.
template <exec::policy Host>
masked_volume<float> look_at(const Host& host, const volume_view<float>& ct, const fit_plan& plan,
                             const fit_options& o) {
  masked_volume<float> seen = resample<float>(host, ct, looked_at_in_world(plan));
  normalize(host, seen.values, {o.window_low_hu, o.window_high_hu});
  seen.values.geometry = plan.looked_at;
  seen.field_of_view = plan.frame.from_world(seen.field_of_view);
  return seen;
}

}  // namespace diffam::spine
