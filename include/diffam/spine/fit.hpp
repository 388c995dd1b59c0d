// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The fit of a spine to a CT (Kim & Park 2024): set-up in the constructor, one iteration in `step`, meshes
// and the appearance curve in `result`.
//
//     spine_fit<float, exec::threads> fit(e, ct, centres, make_template(), default_preset(), warnings);
//     while (!fit.done()) fit.step();
//     const fit_result r = fit.result();   // for a label volume see spine/voxelise.hpp
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "diffam/exec/host.hpp"
#include "diffam/image/normalize.hpp"
#include "diffam/image/resample.hpp"
#include "diffam/mesh/check.hpp"
#include "diffam/optim/vector_adam.hpp"
#include "diffam/shape/projection.hpp"
#include "diffam/shape/spectral_steps.hpp"
#include "diffam/solve/solver.hpp"
#include "diffam/spine/fit_review.hpp"
#include "diffam/spine/objective.hpp"
#include "diffam/spine/unit_frame.hpp"

namespace diffam::spine {

namespace detail {

/// Everything that is decided before the first iteration, in ordinary memory.
struct fit_plan {
  centroid_list centres;                     // in anatomical order
  std::vector<pose> poses;                   // world mm
  std::vector<triangle_mesh<double>> start;  // templates at their poses, world mm
  unit_frame frame;
  grid looked_at;  // isotropic, relative to the frame's centre, mm
};

inline fit_plan plan_fit(const grid& image, centroid_list centres, const triangle_mesh<double>& mesh,
                         const fit_options& o, std::vector<std::string>& warnings) {
  check(o);
  require_closed_mesh(mesh, "template");
  fit_plan p;
  sort_anatomically(centres);
  p.poses = start_poses(centres, {.template_spacing = o.template_spacing_mm}, warnings);
  p.centres = std::move(centres);
  std::vector<vec3<double>> corners;
  for (std::size_t m = 0; m < p.poses.size(); ++m) {
    p.start.push_back(transformed(p.poses[m], mesh));
    corners.insert(corners.end(), p.start[m].vertices.begin(), p.start[m].vertices.end());
    p.frame.centre += p.poses[m].translation * (1 / static_cast<double>(p.poses.size()));
  }
  // Samples farther out than four standard deviations are one in 16,000; the rest is room to move.
  const double margin = 4 * o.noise_mm + 12;
  p.looked_at = isotropic_grid(image, o.spacing_mm, corners, margin);
  p.looked_at = p.frame.from_world(p.looked_at);
  return p;
}

}  // namespace detail

template <real T,             // scalar
          exec::policy Exec>  // execution policy
class spine_fit {
 public:
  using parts = objective<T, Exec>;
  using model_type = typename parts::type;
  using schedule = optim::cosine<T>;
  using shape_rule = optim::vector_adam<T, Exec, schedule, optim::row_steps<T>>;
  using renderer_rule = optim::adam<T, Exec, schedule>;
  using rule_type = optim::per_block<shape_rule, renderer_rule>;

  /// `ct` in HU, `centres` and the template (closed, origin at its body centre) in mm. Throws `error` where
  /// an input is not usable; what is usable but odd goes to `warnings`.
  spine_fit(const Exec& e, const volume<float>& ct, centroid_list centres, const triangle_mesh<double>& mesh,
            const fit_options& o, std::vector<std::string>& warnings)
      : exec_(e),
        options_(o),
        image_(ct.geometry),
        mesh_(mesh),
        plan_(detail::plan_fit(ct.geometry, std::move(centres), mesh, o, warnings)),
        clock_(o.iterations),
        image_levels_(exec::host_policy(e), look_at(ct),
                      {.sigma = o.blur_mm, .until = o.blur_until, .levels = o.blur_levels}),
        basis_(compute_eigenbasis(scaled(mesh), {.modes = std::min<index_t>(o.modes, mesh.vertex_count())})),
        steps_(basis_.lambda, vertebra_count(), {.spectral_rate = o.shape_rate / o.rate}),
        model_(make_model()),
        solver_(model_, make_rule(), exec_, clock_) {
    history_.reserve(o.iterations);
  }

  spine_fit(const spine_fit&) = delete;
  spine_fit& operator=(const spine_fit&) = delete;

  bool done() const { return solver_.done(); }
  std::uint64_t iteration() const { return solver_.iteration(); }

  /// One iteration. Allocates nothing.
  void step() {
    solver_.step();
    history_.push_back(parts::read(solver_.workspace(), solver_.output()));
  }

  /// Unweighted terms of the last iteration; zeros before the first.
  loss_values losses() const { return history_.empty() ? loss_values{} : history_.back(); }

  index_t vertebra_count() const { return static_cast<index_t>(plan_.centres.size()); }
  const detail::fit_plan& plan() const { return plan_; }
  /// Memory of the run in bytes: what the iterations use, and the image's levels.
  index_t planned_bytes() const {
    return solver_.planned_bytes() + static_cast<index_t>(image_levels_.bytes());
  }

  /// Meshes, centres, history and curve at the current unknowns.
  fit_result result() {
    fit_result r;
    solver_.evaluate();
    const auto values = make_host(parts::vertices(solver_.workspace()));
    const buffer<T> unknowns = parts::unknowns_of(model_).get();
    for (index_t m = 0; m < vertebra_count(); ++m) r.vertebrae.push_back(fitted(m, values, unknowns));
    r.history = history_;
    append_curve(r);
    return r;
  }

  /// The whole state, to go on later with the same bits.
  std::vector<std::byte> checkpoint() const {
    std::vector<std::byte> out = solver_.save();
    const auto* h = reinterpret_cast<const std::byte*>(history_.data());
    out.insert(out.end(), h, h + history_.size() * sizeof(loss_values));
    return out;
  }

  /// Throws `error` (bad_data) where `saved` is not from a fit with the same sizes.
  void restore(std::span<const std::byte> saved) {
    const std::size_t state = solver_.save().size();
    if (saved.size() < state || (saved.size() - state) % sizeof(loss_values) != 0)
      throw error("checkpoint: expected a state of " + std::to_string(state) +
                      " bytes and its history, got " + std::to_string(saved.size()) + " bytes",
                  error_kind::bad_data);
    solver_.restore(saved.first(state));
    history_.resize((saved.size() - state) / sizeof(loss_values));
    std::memcpy(history_.data(), saved.data() + state, saved.size() - state);
    history_.reserve(options_.iterations);
  }

 private:
  static triangle_mesh<double> scaled(triangle_mesh<double> mesh) {
    for (auto& v : mesh.vertices) v *= 1 / unit_length_mm;
    return mesh;
  }

  /// The CT as the fit sees it: cropped, isotropic, windowed.
  masked_volume<float> look_at(const volume<float>& ct) const {
    grid world = plan_.looked_at;
    world.origin += plan_.frame.centre;
    const auto host = exec::host_policy(exec_);
    masked_volume<float> seen = resample<float>(host, ct, world);
    normalize(host, seen.values, {options_.window_low_hu, options_.window_high_hu});
    seen.values.geometry = plan_.looked_at;
    seen.field_of_view = plan_.frame.from_world(seen.field_of_view);
    return seen;
  }

  model_type make_model() const {
    const auto& o = options_;
    const index_t count = vertebra_count();
    const mesh_stack stack = stack_copies(mesh_.faces, mesh_.vertex_count(), count);
    shape_projections shapes;
    shapes.push_back(project_shape(basis_, scaled(mesh_).vertices));
    std::vector<mat3<double>> axes;
    std::vector<vec3<double>> shifts;
    for (const pose& p : plan_.poses) {
      axes.push_back(p.basis);
      shifts.push_back(plan_.frame.from_world(p.translation));
    }
    const buffer<double> start = initial_coefficients(shapes, axes, shifts);
    const buffer<double> residuals = stack_residuals(shapes, count);
    const auto image = image_levels_.sampler(clock_.state());
    typename parts::scene scene(stack,
                                surface_cloud<T, Exec>(stack.faces, {.count = o.samples,
                                                                     .sigma = o.noise_mm / unit_length_mm,
                                                                     .seed = o.seed,
                                                                     .clock = clock_.state()}),
                                {.sign = {.beta = o.beta_winding}});
    scene.rebuild(stacked_vertices<double>(plan_.start).get());
    image_loss<T, Exec, sampled_target<T>> image_term(sampled_target<T>{scene.points(), image});
    typename parts::normal_term normal(
        stack.faces, stack.vertex_count(),
        drawn_surface_samples<T, Exec>(stack.faces, clock_.state(),
                                       {.count = o.normal_samples, .seed = o.seed}),
        image);
    return parts::make(
        coefficients<T, Exec>(start.get()), variance_loss<T, Exec>(basis_.lambda, count, neighbours()),
        spectral_map<T, Exec>(basis_.phi.get(), residuals.get()),
        edge_loss<T, Exec>(stack.faces, stack.vertex_count()), std::move(normal), std::move(scene),
        mlp<T, Exec>({.frequencies = o.frequencies,
                      .width = o.width,
                      .hidden_layers = o.hidden_layers,
                      .fourier_sigma = o.fourier_sigma,
                      .output = o.output,
                      .seed = o.seed}),
        std::move(image_term), o);
  }

  rule_type make_rule() const {
    const auto& o = options_;
    const schedule decay{T(1), static_cast<T>(o.final_rate)};
    const optim::linear<T> alpha{static_cast<T>(o.alpha_first), static_cast<T>(o.alpha_last), T(1)};
    return rule_type(shape_rule({.rate = o.rate, .beta1 = o.beta1, .beta2 = o.beta2, .schedule = decay},
                                {steps_.base.get(), steps_.log_ratio.get(), alpha}),
                     renderer_rule({.rate = o.rate, .beta1 = o.beta1, .beta2 = o.beta2, .schedule = decay}));
  }

  /// Pairs of vertebrae (their numbers) that are neighbours in the spine.
  std::vector<vertebra_pair> neighbours() const {
    std::vector<vertebra_pair> pairs;
    for (std::size_t m = 0; m + 1 < plan_.centres.size(); ++m)
      if (are_neighbours(plan_.centres[m].label, plan_.centres[m + 1].label))
        pairs.push_back({static_cast<stored_index>(m), static_cast<stored_index>(m + 1)});
    return pairs;
  }

  static std::vector<T> make_host(view<const T> from) {
    std::vector<T> host(static_cast<std::size_t>(from.size()));
    Exec::memory::copy_to_host(host.data(), from.data, host.size() * sizeof(T));
    return host;
  }

  fitted_vertebra fitted(index_t m, const std::vector<T>& values, const buffer<T>& unknowns) const {
    const auto at = static_cast<std::size_t>(m);
    const index_t count = mesh_.vertex_count();
    fitted_vertebra v;
    v.label = plan_.centres[at].label;
    v.start = plan_.centres[at].position;
    v.mesh.faces = mesh_.faces;
    const view<const T> all(values.data(), count * vertebra_count(), 3);
    for (index_t i = 0; i < count; ++i) {
      const vec3<T> p = load3(all, m * count + i);
      v.mesh.vertices.push_back(plan_.frame.to_world({double(p[0]), double(p[1]), double(p[2])}));
    }
    const vec3<T> t = load3(unknowns.get(), (m + 1) * (basis_.modes() + 4) - 1);
    v.centre = plan_.frame.to_world({double(t[0]), double(t[1]), double(t[2])});
    review(v, plan_.start[at], image_);
    return v;
  }

  /// f_theta within 30 mm of the surface, a value every 0.25 mm.
  void append_curve(fit_result& r) {
    constexpr double reach = 30;
    constexpr int count = 241;
    const auto last = static_cast<T>(reach / unit_length_mm);
    const std::vector<T> curve = appearance_curve(parts::renderer_of(model_), exec_, -last, last, count);
    for (int i = 0; i < count; ++i) {
      r.curve_distance_mm.push_back(-reach + 2 * reach * i / (count - 1));
      r.curve_intensity.push_back(static_cast<double>(curve[static_cast<std::size_t>(i)]));
    }
  }

  Exec exec_;
  fit_options options_;
  grid image_;
  triangle_mesh<double> mesh_;
  detail::fit_plan plan_;
  iteration_clock<Exec> clock_;
  scale_space<T, Exec> image_levels_;
  eigenbasis basis_;
  spectral_steps<T, typename Exec::memory> steps_;
  model_type model_;
  solver<model_type, rule_type> solver_;
  std::vector<loss_values> history_;
};

}  // namespace diffam::spine
