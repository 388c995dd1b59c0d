// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Builds the parts of the objective (spine/fit/objective.hpp) and the update rule from a plan. The parts can
// be used together, or one by one, for example to measure their time.
#pragma once

#include "diffam/optim/per_block.hpp"
#include "diffam/optim/vector_adam.hpp"
#include "diffam/sdf/segment_points.hpp"
#include "diffam/shape/spectral_steps.hpp"
#include "diffam/spine/fit/ends.hpp"
#include "diffam/spine/fit/objective.hpp"
#include "diffam/spine/fit/renderer_options.hpp"
#include "diffam/spine/fit/shapes.hpp"

namespace diffam::spine {

/// Makes the parts; each member function makes one of them.
template <real T,                                      // scalar
          exec::policy Exec,                           // execution policy
          component Renderer = fit_renderer<T, Exec>>  // the appearance function
class fit_parts {
 public:
  using cloud_type = segment_points<T, Exec, surface_cloud<T, Exec>>;
  using parts = objective<T, Exec, cloud_type, drawn_surface_samples<T, Exec>, smooth_normals,
                          image_sampler<T>, Renderer>;
  using model_type = typename parts::type;
  using schedule = optim::cosine<T>;
  using shape_rule = optim::vector_adam<T, Exec, schedule, optim::row_steps<T>>;
  using renderer_rule = optim::adam<T, Exec, schedule>;
  using rule_type = optim::per_block<shape_rule, renderer_rule>;
  using steps_type = spectral_steps<T, typename Exec::memory>;

  /// Keeps references to its arguments. `clock`, `flags` and `image` must also outlive the parts that are
  /// made here.
  fit_parts(const fit_plan& plan, const eigenbasis& basis, const fit_shapes& shapes, const fit_options& o,
            const scale_space<T, Exec>& image, const clock_state* clock, flag_word* flags = nullptr)
      : plan_(plan),
        basis_(basis),
        shapes_(shapes),
        options_(o),
        image_(image.sampler(clock)),
        clock_(clock),
        flags_(flags),
        stack_(stack_copies(plan.templates[0].faces, plan.vertices_each(), plan.count())) {}

  coefficients<T, Exec> unknowns() const { return coefficients<T, Exec>(shapes_.start.get()); }
  variance_loss<T, Exec> variance() const {
    const std::vector<vertebra_pair> pairs = neighbour_pairs(plan_.centres);
    return {basis_.lambda, plan_.count(), pairs,
            options_.variance_from_template ? shapes_.start.get() : view<const double>{},
            pair_weights(plan_.centres, pairs, options_.rib_variance)};
  }
  typename parts::walls walls() const {
    return {{shapes_.start.get().rows, centre_walls(plan_, basis_.modes(), options_)},
            {stack_.vertex_count(), end_plate_walls(plan_, options_)}};
  }
  spectral_map<T, Exec> map() const { return {basis_.phi.get(), shapes_.residuals.get()}; }
  edge_loss<T, Exec> edge() const { return {stack_.faces, stack_.vertex_count()}; }
  typename parts::normal_term normal() const {
    return {stack_.faces,
            stack_.vertex_count(),
            drawn_surface_samples<T, Exec>(stack_.faces, clock_,
                                           {.count = options_.normal_samples, .seed = options_.seed}),
            image_,
            {.response = options_.edges}};
  }
  /// About `samples` points in all, also where each sample of the image takes several of them.
  cloud_type cloud() const {
    const slice_mean& s = plan_.slices;
    return cloud_type(
        surface_cloud<T, Exec>(stack_.faces, {.count = (options_.samples + s.points - 1) / s.points,
                                              .sigma = options_.noise_mm / unit_length_mm,
                                              .seed = options_.seed,
                                              .clock = clock_}),
        {s.along * (1 / unit_length_mm), s.points});
  }
  /// The scene distance, with its tree built for the start.
  template <class Points>
  scene_distance<T, Exec, barnes_hut_winding, Points> scene(Points points) const {
    scene_distance<T, Exec, barnes_hut_winding, Points> s(
        stack_, std::move(points), {.sign = {.beta = options_.beta_winding}, .flags = flags_});
    s.rebuild(stacked_vertices<double>(plan_.start).get());
    return s;
  }
  Renderer renderer() const { return renderer_from<Renderer>::make(options_); }
  image_loss<T, Exec, typename parts::target> image(view<const T> points) const {
    return image_loss<T, Exec, typename parts::target>({points, image_, end_mask<T>(plan_, options_)});
  }

  model_type model() const {
    cloud_type points = cloud();
    auto image_term = image(points.centres());
    return parts::make(unknowns(), variance(), walls(), map(), edge(), normal(), scene(std::move(points)),
                       renderer(), std::move(image_term), options_, row_mean<T, Exec>(plan_.slices.points));
  }

  /// Step sizes by row, to which `rule` refers.
  steps_type steps() const {
    return {basis_.lambda, plan_.count(), {.spectral_rate = options_.shape_rate / options_.rate}};
  }
  rule_type rule(const steps_type& steps) const {
    const auto& o = options_;
    const schedule decay{T(1), static_cast<T>(o.final_rate)};
    const optim::linear<T> alpha{static_cast<T>(o.alpha_first), static_cast<T>(o.alpha_last), T(1)};
    return rule_type(shape_rule({.rate = o.rate, .beta1 = o.beta1, .beta2 = o.beta2, .schedule = decay},
                                {steps.base.get(), steps.log_ratio.get(), alpha}),
                     renderer_rule({.rate = o.rate, .beta1 = o.beta1, .beta2 = o.beta2, .schedule = decay}));
  }

 private:
  const fit_plan& plan_;
  const eigenbasis& basis_;
  const fit_shapes& shapes_;
  const fit_options& options_;
  image_sampler<T> image_;
  const clock_state* clock_;
  flag_word* flags_;
  mesh_stack stack_;
};

}  // namespace diffam::spine
