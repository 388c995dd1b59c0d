// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Settings of the spine fit, and its presets. Defaults are those of the paper where it gives a value (Kim &
// Park 2024, sections 2.2 to 2.5); all other defaults come from our measurements (docs/results.md).
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "diffam/core/config.hpp"
#include "diffam/core/error.hpp"
#include "diffam/loss/edge_response.hpp"
#include "diffam/render/activation.hpp"

namespace diffam::spine {

/// The appearance function: the paper's network, the same network tabulated on a grid of distances, or a
/// table of free values.
enum class renderer_kind { exact, tabulated, table };

/// Settings of a fit; lengths in mm unless stated otherwise.
struct fit_options {
  // Length of the run and its samples.
  std::uint64_t iterations = 3000;
  std::uint64_t seed = 1;
  index_t samples = 10000;         // N, around the surface, for the image loss
  index_t normal_samples = 10000;  // M, on the surface, for the normal loss
  double noise_mm = 9.6;           // standard deviation of a sample's distance to its place on the surface

  // Loss weights. 0 switches a term off (the ablations -I, -N, -E of the paper).
  double weight_image = 1;
  double weight_edge = 0.02;
  double weight_normal = 0.1;
  double weight_overlap = 1;
  double weight_variance = 0.02;

  // Shape space.
  int modes = 150;         // K
  double alpha_first = 1;  // Eq. 1, falls linearly to `alpha_last`
  double alpha_last = 0.4;

  // Optimizers.
  double rate = 0.01;        // renderer, affine maps, translations
  double shape_rate = 0.01;  // spectral coefficients
  double final_rate = 1;     // fraction of the rates that is left at the end; they decay along half a cosine
  double beta1 = 0.9;
  double beta2 = 0.9;

  // Renderer.
  renderer_kind renderer = renderer_kind::exact;
  int frequencies = 32;
  int width = 64;
  int hidden_layers = 2;
  output_kind output = output_kind::sigmoid;  // the paper's is unbounded; our images are in [0, 1]
  double fourier_sigma = 10;                  // per unit of length
  int tabulated_nodes = 1024;                 // for `tabulated`: nodes within 64 mm of the surface
  int table_nodes = 128;                      // for `table`: nodes in the same range

  // Image.
  double spacing_mm = 1;         // isotropic grid of the image that the fit sees
  double window_low_hu = -200;   // this value becomes 0
  double window_high_hu = 1000;  // this value becomes 1
  double blur_mm = 2.56;         // standard deviation at the start
  double blur_until = 0.8;       // progress at which the original image is reached
  int blur_levels = 9;

  // Start.
  double template_spacing_mm = 34.3;  // distance of neighbouring body centres for which the template is made

  // Additions to the paper's method; `default_preset` says which ones are on. Lengths in spacings of the
  // level.
  bool chain_scale = false;             // start sizes follow from the whole chain (spine/pose.hpp)
  bool lordotic_end = false;            // an L4 or L5 at the end of the chain starts along the spine's bend
  bool variance_from_template = false;  // the variance loss compares deviations from the level's template
  double rib_variance = 1;              // weight of a pair within T2 to T10 in the variance loss
  index_t slice_points = 1;    // predictions along the thickness of a thick slice (spine/fit/slices.hpp)
  edge_response edges{};       // response to edges in the normal loss; per 64 mm
  double end_mask = 0;         // the image loss ignores samples farther beyond an end's centre; 0: off
  double weight_end_wall = 0;  // an end's outer end plate stays within `end_wall` of its centre at the start
  double end_wall = 0.5;
  double weight_centre_wall = 0;  // an end's centre moves outward by at most `centre_wall`
  double centre_wall = 0.5;
  bool surface_stage = false;  // moves surfaces to edges after the last iteration (spine/surface/stage.hpp)
  bool start_search = false;   // searches the image for better starts (spine/start/search.hpp)

  double beta_winding = 1;  // accuracy of the winding number, see sdf/
};

/// The settings of the paper: constant rates, 3,000 iterations.
inline fit_options paper_preset() {
  return {};
}

/// Better Dice scores in a tenth of the iterations. The shape has a larger rate, and all rates decay to 5 %.
/// The normal loss responds to falling edges only, so that no surface sticks to its neighbour's. There are
/// more modes; the high frequencies keep smaller steps, so that meshes stay free of folds. Window and blur
/// show thin bone better. The appearance is a table, which is as good as the network and cheaper. The image
/// is searched for better starts, so that the given centres may be inaccurate, and the image loss ignores the
/// image beyond the ends of the chain. The blur of thick slices is predicted. After the last iteration the
/// surfaces move to the edges of the bone. docs/results.md gives the effect of each change.
inline fit_options default_preset() {
  fit_options o;
  o.iterations = 300;
  o.modes = 300;
  o.alpha_last = 0.6;
  o.shape_rate = 0.05;
  o.final_rate = 0.05;
  o.renderer = renderer_kind::table;
  o.window_high_hu = 700;
  o.blur_mm = 2;
  o.weight_normal = 0.2;
  o.edges = {.contrast = 4, .rising = 0};
  o.chain_scale = true;
  o.lordotic_end = true;
  o.start_search = true;
  o.surface_stage = true;
  o.variance_from_template = true;
  o.rib_variance = 10;
  o.slice_points = 5;
  o.end_mask = 0.6;
  o.weight_end_wall = 1;
  return o;
}

/// The default preset with fewer samples.
inline fit_options fast_preset() {
  fit_options o = default_preset();
  o.samples = 6000;
  o.normal_samples = 6000;
  return o;
}

/// Throws `error` (usage) that names the first setting that is out of range.
inline void check(const fit_options& o) {
  const auto positive = [](const char* name, double v) {
    if (!(v > 0))
      throw error(std::string("fit options: expected ") + name + " > 0, got " + std::to_string(v));
  };
  const auto not_negative = [](const char* name, double v) {
    if (!(v >= 0))
      throw error(std::string("fit options: expected ") + name + " >= 0, got " + std::to_string(v));
  };
  positive("iterations", static_cast<double>(o.iterations));
  positive("samples", static_cast<double>(o.samples));
  positive("normal_samples", static_cast<double>(o.normal_samples));
  positive("noise_mm", o.noise_mm);
  positive("modes", o.modes);
  positive("rate", o.rate);
  positive("shape_rate", o.shape_rate);
  positive("final_rate", o.final_rate);
  positive("frequencies", o.frequencies);
  positive("width", o.width);
  positive("spacing_mm", o.spacing_mm);
  positive("blur_levels", o.blur_levels);
  positive("blur_until", o.blur_until);
  positive("fourier_sigma", o.fourier_sigma);
  positive("hidden_layers", o.hidden_layers);
  positive("tabulated_nodes - 3", o.tabulated_nodes - 3);
  positive("table_nodes - 3", o.table_nodes - 3);
  not_negative("alpha_first", o.alpha_first);
  not_negative("alpha_last", o.alpha_last);
  positive("template_spacing_mm", o.template_spacing_mm);
  positive("beta_winding", o.beta_winding);
  positive("window_high_hu - window_low_hu", o.window_high_hu - o.window_low_hu);
  not_negative("blur_mm", o.blur_mm);
  not_negative("weight_image", o.weight_image);
  not_negative("weight_edge", o.weight_edge);
  not_negative("weight_normal", o.weight_normal);
  not_negative("weight_overlap", o.weight_overlap);
  not_negative("weight_variance", o.weight_variance);
  not_negative("rib_variance", o.rib_variance);
  positive("slice_points", static_cast<double>(o.slice_points));
  o.edges.check();
  not_negative("end_mask", o.end_mask);
  not_negative("weight_end_wall", o.weight_end_wall);
  not_negative("weight_centre_wall", o.weight_centre_wall);
  not_negative("end_wall", o.end_wall);
  not_negative("centre_wall", o.centre_wall);
}

}  // namespace diffam::spine
