// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The fit that is measured: L1 to L5 of the generated CT, the built-in template (2,500 vertices and 5,000
// faces), N = M = 10,000 samples, 150 modes, 32 frequencies, 64 wide; under way, and taken apart.
#pragma once

#include "diffam/exec/serial.hpp"
#include "diffam/spine/fit.hpp"
#include "diffam/spine/phantom.hpp"
#include "diffam/spine/template.hpp"

namespace diffam::bench {

using serial = exec::serial;

inline constexpr std::uint64_t under_way = 30;  // iteration of 300 from which everything is measured

inline const triangle_mesh<double>& fit_template() {
  static const triangle_mesh<double> mesh = spine::make_template();
  return mesh;
}
inline const spine::phantom& fit_phantom() {
  static const spine::phantom made = spine::make_phantom(serial{});
  return made;
}
inline const spine::fit_options& fit_settings() {
  static const spine::fit_options settings = [] {
    spine::fit_options o = spine::default_preset();
    o.samples = o.normal_samples = 10000;  // whatever the defaults become, measurements stay comparable
    o.modes = 150;
    o.frequencies = 32;
    o.width = 64;
    o.hidden_layers = 2;
    return o;
  }();
  return settings;
}

/// A fit that can go back to the iteration `under_way`, so that every repetition measures the same work.
template <exec::policy Exec>
struct running_fit {
  std::vector<std::string> warnings;
  spine::spine_fit<float, Exec> fit;
  std::vector<std::byte> state;

  explicit running_fit(const Exec& e)
      : fit(e, fit_phantom().ct, fit_phantom().centres, fit_template(), fit_settings(), warnings) {
    while (fit.iteration() < under_way) fit.step();
    state = fit.checkpoint();
  }
  void go_back() { fit.restore(state); }
};

inline running_fit<serial>& serial_fit() {
  static running_fit<serial> f{serial{}};
  return f;
}

/// A component with memory of its own, to be run alone.
template <component C>
struct part {
  C component;
  planned<C> memory;
  buffer<float> d_x;

  part(C c, extent in) : component(std::move(c)), memory(component, in), d_x(in.rows, in.cols) {
    serial{}.fill(memory.d_output, 1e-4f);
  }
  void forward(view<const float> x) { component.forward({}, x, memory.output, memory.workspace); }
  void backward(view<const float> x) {
    serial{}.fill(d_x.get(), 0.0f);
    component.backward({}, x, memory.d_output, d_x.get(), memory.workspace);
  }
};

/// Points that were drawn before: the scene then costs its search alone.
struct drawn_before {
  view<const float> at;

  static constexpr bool redrawn = true;
  view<const float> points() const { return at; }
  void draw(const serial&, view<const float>) const {}
};

/// The parts of the objective (spine/objective.hpp) at the iteration `under_way`, each to be run alone.
struct taken_apart {
  using E = serial;
  using whole = spine::spine_fit<float, E>;
  using terms = spine::objective<float, E>;
  using scene_type = scene_distance<float, E, barnes_hut_winding, drawn_before>;
  using image_type = image_loss<float, E, sampled_target<float>>;

  const spine::fit_options& o = fit_settings();
  const spine::detail::fit_plan& plan = serial_fit().fit.plan();
  index_t count = static_cast<index_t>(plan.centres.size());
  mesh_stack stack = stack_copies(fit_template().faces, fit_template().vertex_count(), count);
  eigenbasis basis = compute_eigenbasis(scaled(fit_template()), {.modes = o.modes});
  shape_projections shapes = projected();
  buffer<float> vertices = fitted_vertices();
  iteration_clock<E> clock{o.iterations, under_way};
  scale_space<float, E> levels{
      E{}, seen(), {.sigma = o.blur_mm, .until = o.blur_until, .levels = o.blur_levels}};
  surface_cloud<float, E> cloud = drawn_cloud();
  coefficients<float, E> unknowns{start().get()};

  part<variance_loss<float, E>> variance{{basis.lambda, count, neighbours()}, unknown_extent()};
  part<spectral_map<float, E>> map{{basis.phi.get(), stack_residuals(shapes, count).get()}, unknown_extent()};
  part<edge_loss<float, E>> edge{{stack.faces, stack.vertex_count()}, vertex_extent()};
  part<terms::normal_term> normal{
      {stack.faces, stack.vertex_count(),
       drawn_surface_samples<float, E>(stack.faces, clock.state(),
                                       {.count = o.normal_samples, .seed = o.seed}),
       levels.sampler(clock.state())},
      vertex_extent()};
  part<scene_type> scene{rebuilt_scene(), vertex_extent()};
  part<overlap_loss<float, E>> overlap{{}, {o.samples, 2}};
  part<mlp<float, E>> renderer{mlp<float, E>({.frequencies = o.frequencies,
                                              .width = o.width,
                                              .hidden_layers = o.hidden_layers,
                                              .fourier_sigma = o.fourier_sigma,
                                              .output = o.output,
                                              .seed = o.seed}),
                               {o.samples, 2}};
  part<image_type> image{image_type(sampled_target<float>{cloud.points(), levels.sampler(clock.state())}),
                         {o.samples, 1}};

  /// The coefficients at the poses that the fit starts from.
  buffer<double> start() const {
    std::vector<mat3<double>> axes;
    std::vector<vec3<double>> shifts;
    for (const auto& p : plan.poses) {
      axes.push_back(p.basis);
      shifts.push_back(plan.frame.from_world(p.translation));
    }
    return initial_coefficients(shapes, axes, shifts);
  }

 private:
  static triangle_mesh<double> scaled(triangle_mesh<double> mesh) {
    for (auto& v : mesh.vertices) v *= 1 / unit_length_mm;
    return mesh;
  }
  shape_projections projected() const {
    shape_projections all;
    all.push_back(project_shape(basis, scaled(fit_template()).vertices));
    return all;
  }
  extent vertex_extent() const { return vertices.get().extent(); }
  extent unknown_extent() { return unknowns.parameters().value.extent(); }

  buffer<float> fitted_vertices() const {
    serial_fit().go_back();
    std::vector<triangle_mesh<double>> meshes;
    for (const auto& v : serial_fit().fit.result().vertebrae) {
      meshes.push_back(v.mesh);
      for (auto& p : meshes.back().vertices) p = plan.frame.from_world(p);
    }
    return stacked_vertices<float>(meshes);
  }
  masked_volume<float> seen() const {
    grid world = plan.looked_at;
    world.origin += plan.frame.centre;
    masked_volume<float> v = resample<float>(E{}, fit_phantom().ct, world);
    normalize(E{}, v.values, {o.window_low_hu, o.window_high_hu});
    v.values.geometry = plan.looked_at;
    v.field_of_view = plan.frame.from_world(v.field_of_view);
    return v;
  }
  surface_cloud<float, E> drawn_cloud() const {
    surface_cloud<float, E> c(
        stack.faces,
        {.count = o.samples, .sigma = o.noise_mm / unit_length_mm, .seed = o.seed, .clock = clock.state()});
    c.draw({}, vertices.get());
    return c;
  }
  scene_type rebuilt_scene() const {
    scene_type s(stack, {cloud.points()}, {.sign = {.beta = o.beta_winding}});
    s.rebuild(stacked_vertices<double>(plan.start).get());
    return s;
  }
  std::vector<vertebra_pair> neighbours() const {
    std::vector<vertebra_pair> pairs;
    for (stored_index m = 0; m + 1 < count; ++m) pairs.push_back({m, m + 1});
    return pairs;
  }
};

}  // namespace diffam::bench
