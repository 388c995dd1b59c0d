// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Translates the options of the command line into the settings of the fit.
#include "fit/arguments.hpp"

namespace diffam::program {

spine::fit_options fit_options_of(const fit_arguments& a) {
  spine::fit_options o = a.preset == "paper"  ? spine::paper_preset()
                         : a.preset == "fast" ? spine::fast_preset()
                                              : spine::default_preset();
  const auto take = [](auto& setting, const auto& asked) {
    if (asked) setting = *asked;
  };
  take(o.iterations, a.iterations);
  take(o.seed, a.seed);
  take(o.samples, a.samples);
  take(o.normal_samples, a.samples);
  take(o.modes, a.modes);
  if (a.renderer)
    o.renderer = *a.renderer == "table"       ? spine::renderer_kind::table
                 : *a.renderer == "tabulated" ? spine::renderer_kind::tabulated
                                              : spine::renderer_kind::exact;
  take(o.alpha_last, a.alpha_last);
  take(o.shape_rate, a.shape_rate);
  take(o.final_rate, a.final_rate);
  take(o.window_low_hu, a.window_low);
  take(o.window_high_hu, a.window_high);
  take(o.blur_mm, a.blur);
  take(o.weight_image, a.weight_image);
  take(o.weight_normal, a.weight_normal);
  take(o.weight_edge, a.weight_edge);
  take(o.weight_overlap, a.weight_overlap);
  take(o.weight_variance, a.weight_variance);
  take(o.chain_scale, a.chain_scale);
  take(o.lordotic_end, a.lordotic_end);
  take(o.variance_from_template, a.variance_from_template);
  take(o.rib_variance, a.rib_variance);
  take(o.slice_points, a.slice_points);
  take(o.edges.contrast, a.edge_contrast);
  take(o.edges.rising, a.rising_edges);
  take(o.end_mask, a.end_mask);
  take(o.weight_end_wall, a.weight_end_wall);
  take(o.end_wall, a.end_wall);
  take(o.weight_centre_wall, a.weight_centre_wall);
  take(o.centre_wall, a.centre_wall);
  take(o.start_search, a.start_search);
  take(o.surface_stage, a.surface_stage);
  for (const auto& name : a.without) {
    if (name == "image") o.weight_image = 0;
    if (name == "normal") o.weight_normal = 0;
    if (name == "edge") o.weight_edge = 0;
    if (name == "overlap") o.weight_overlap = 0;
    if (name == "variance") o.weight_variance = 0;
  }
  spine::check(o);
  return o;
}

}  // namespace diffam::program
