// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Decisions that a fit makes before its first iteration, in host memory: the vertebrae, their templates and
// start poses, the frame, and the part of the image that the fit sees.
#pragma once

#include <string>
#include <vector>

#include "diffam/image/isotropic_grid.hpp"
#include "diffam/image/resample.hpp"
#include "diffam/image/window.hpp"
#include "diffam/loss/variance.hpp"
#include "diffam/spine/fit/slices.hpp"
#include "diffam/spine/fit/unit_frame.hpp"
#include "diffam/spine/fit_options.hpp"
#include "diffam/spine/template/set.hpp"

namespace diffam::spine {

/// Poses, templates and start meshes have the order of `centres`.
struct fit_plan {
  centroid_list centres;                          // in anatomical order
  std::vector<pose> poses;                        // world mm
  std::vector<triangle_mesh<double>> templates;   // template of each vertebra, mm, one connectivity
  std::vector<triangle_mesh<double>> start;       // templates at their poses, world mm
  std::vector<std::vector<std::string>> remarks;  // on the given centre of each vertebra
  unit_frame frame;
  grid looked_at;     // grid of the image: isotropic, mm, relative to the centre of the frame
  slice_mean slices;  // predictions for a sample of the image

  index_t count() const { return static_cast<index_t>(centres.size()); }
  index_t vertices_each() const { return templates[0].vertex_count(); }
};

/// Makes the plan. Throws `error` where centres, templates or options are not usable; remarks are added to
/// `warnings`.
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
  p.remarks.resize(centres.size());
  for (const chain_finding& f : review_chain(centres))
    for (std::size_t m = 0; m < centres.size(); ++m)
      if (std::count(f.labels.begin(), f.labels.end(), centres[m].label) > 0) p.remarks[m].push_back(f.text);
  p.centres = std::move(centres);
  std::vector<vec3<double>> corners;
  for (std::size_t m = 0; m < p.poses.size(); ++m) {
    p.templates.push_back(templates[p.centres[m].label]);
    p.start.push_back(transformed(p.poses[m], p.templates[m]));
    corners.insert(corners.end(), p.start[m].vertices.begin(), p.start[m].vertices.end());
    p.frame.centre += p.poses[m].translation * (1 / static_cast<double>(p.poses.size()));
  }
  // One sample in 16,000 is farther out than four standard deviations; the other 12 mm are room to move.
  const double margin = 4 * o.noise_mm + 12;
  p.looked_at = p.frame.from_world(isotropic_grid(image, o.spacing_mm, corners, margin));
  p.slices = slice_mean_of(image, o.slice_points);
  return p;
}

/// Pairs of vertebrae, as indices into `centres` (from head to foot), that are neighbours in the spine.
inline std::vector<vertebra_pair> neighbour_pairs(const centroid_list& centres) {
  std::vector<vertebra_pair> pairs;
  const std::vector<chain_step> steps = chain_steps(centres);
  for (std::size_t m = 0; m < steps.size(); ++m)
    if (steps[m].levels == 1)
      pairs.push_back({static_cast<stored_index>(m), static_cast<stored_index>(m + 1)});
  return pairs;
}

/// The weight of each pair in the variance loss: `of_ribs` for two vertebrae from T2 to T10, 1 for others.
/// These have joints with ribs at their bodies and transverse processes, where the image cannot tell process
/// from rib, and they are more alike than others: T1 is shaped like C7, and T11 and T12 bear ribs without
/// such joints.
inline std::vector<double> pair_weights(const centroid_list& centres, const std::vector<vertebra_pair>& pairs,
                                        double of_ribs) {
  const auto joined = [&](stored_index m) {
    const int l = centres[static_cast<std::size_t>(m)].label;
    return l > label::t1 && l < label::t1 + 10;
  };
  std::vector<double> weights;
  for (const auto& p : pairs) weights.push_back(joined(p[0]) && joined(p[1]) ? of_ribs : 1);
  return weights;
}

/// The grid of the image that the fit sees, in world mm.
inline grid looked_at_in_world(const fit_plan& plan) {
  grid world = plan.looked_at;
  world.origin += plan.frame.centre;
  return world;
}

/// The CT as the fit sees it: cropped, isotropic, windowed, in the frame of the plan. Of the CT, only the
/// voxels `voxels_resampled(ct.geometry, looked_at_in_world(plan))` are read.
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
