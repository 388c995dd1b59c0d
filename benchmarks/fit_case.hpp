// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The fit that is measured, as a whole and part by part: L1 to L5 of the generated CT, the built-in template
// (2,552 vertices and 5,104 faces), N = M = 10,000 samples, 150 modes, 32 frequencies, 64 units in each
// hidden layer.
#pragma once

#include "diffam/exec/serial.hpp"
#include "diffam/spine/fit.hpp"
#include "diffam/spine/phantom.hpp"
#include "diffam/spine/template.hpp"

namespace diffam::bench {

using serial = exec::serial;

inline constexpr std::uint64_t under_way = 30;  // measurements start at this iteration of 300

inline const spine::template_set& fit_templates() {
  static const spine::template_set made(spine::make_template());
  return made;
}
inline const triangle_mesh<double>& fit_template() {
  return fit_templates()[0];
}
inline const spine::phantom& fit_phantom() {
  static const spine::phantom made = spine::make_phantom(serial{});
  return made;
}
inline const spine::fit_options& fit_settings() {
  static const spine::fit_options settings = [] {
    spine::fit_options o = spine::default_preset();
    o.samples = o.normal_samples = 10000;  // fixed here, so that measurements stay comparable if defaults
                                           // change
    o.renderer = spine::renderer_kind::exact;
    o.modes = 150;
    o.frequencies = 32;
    o.width = 64;
    o.hidden_layers = 2;
    return o;
  }();
  return settings;
}

/// A fit that can return to iteration `under_way`, so that every repetition measures the same work.
template <exec::policy Exec>
struct running_fit {
  std::vector<std::string> warnings;
  spine::spine_fit<float, Exec> fit;
  std::vector<std::byte> state;

  explicit running_fit(const Exec& e, const spine::fit_options& o = fit_settings())
      : fit(e, fit_phantom().ct, fit_phantom().centres, fit_templates(), o, warnings) {
    while (fit.iteration() < under_way) fit.step();
    state = fit.checkpoint();
  }
  void go_back() { fit.restore(state); }
};

inline running_fit<serial>& serial_fit() {
  static running_fit<serial> f{serial{}};
  return f;
}

/// A component with its own memory, which can run alone.
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

/// Points that were drawn before, so that the time of the scene has no time for drawing.
struct drawn_before {
  view<const float> at;

  static constexpr bool redrawn = true;
  view<const float> points() const { return at; }
  view<const stored_index> drawn_from() const { return {}; }
  void draw(const serial&, view<const float>) const {}
};

/// The parts of the objective (spine/fit/objective.hpp) at iteration `under_way`, each of which can run
/// alone.
struct objective_parts {
  using E = serial;
  using terms = spine::objective<float, E>;
  using parts_type = spine::fit_parts<float, E, mlp<float, E>>;
  using cloud_type = parts_type::cloud_type;
  using scene_type = scene_distance<float, E, barnes_hut_winding, drawn_before>;
  using image_type = image_loss<float, E, terms::target>;

  const spine::fit_options& o = fit_settings();
  const spine::fit_plan& plan = serial_fit().fit.plan();
  const spine::fit_shapes& shapes = serial_fit().fit.shapes();
  const eigenbasis& basis = serial_fit().fit.basis();
  index_t count = plan.count();
  buffer<float> vertices = fitted_vertices();
  iteration_clock<E> clock{o.iterations, under_way};
  scale_space<float, E> levels{E{},
                               look_at(E{}, fit_phantom().ct, plan, o),
                               {.sigma = o.blur_mm, .until = o.blur_until, .levels = o.blur_levels}};
  parts_type parts{plan, basis, shapes, o, levels, clock.state()};
  cloud_type cloud = drawn_cloud();
  coefficients<float, E> unknowns = parts.unknowns();

  part<variance_loss<float, E>> variance{parts.variance(), unknown_extent()};
  part<spectral_map<float, E>> map{parts.map(), unknown_extent()};
  part<edge_loss<float, E>> edge{parts.edge(), vertex_extent()};
  part<terms::normal_term> normal{parts.normal(), vertex_extent()};
  part<scene_type> scene{parts.scene(drawn_before{cloud.points()}), vertex_extent()};
  part<overlap_loss<float, E>> overlap{{}, {o.samples, 2}};
  part<mlp<float, E>> renderer{parts.renderer(), {o.samples, 2}};
  part<image_type> image{parts.image(cloud.points()), {o.samples, 1}};

 private:
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
  cloud_type drawn_cloud() const {
    cloud_type c = parts.cloud();
    c.draw({}, vertices.get());
    return c;
  }
};

}  // namespace diffam::bench
