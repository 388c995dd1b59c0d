// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The computation behind spine/template/fit_connectivity.hpp.
#pragma once

#include "diffam/component/sum.hpp"
#include "diffam/core/random.hpp"
#include "diffam/image/distance_volume.hpp"
#include "diffam/loss/edge.hpp"
#include "diffam/loss/image.hpp"
#include "diffam/mesh/implicit_surface.hpp"
#include "diffam/mesh/self_intersections.hpp"
#include "diffam/mesh/smoothing.hpp"
#include "diffam/optim/vector_adam.hpp"
#include "diffam/shape/spectral_shape.hpp"
#include "diffam/shape/spectral_steps.hpp"
#include "diffam/solve/minimize.hpp"
#include "diffam/spine/template/fit_connectivity.hpp"

namespace diffam::spine {

namespace detail {

/// Random points of the grid near one of the two surfaces, and D there: N x 3 and N x 1, unit lengths.
struct distance_samples {
  buffer<float> points, wanted;

  distance_samples(const volume<float>& wanted_distance, const volume<float>& start_distance,
                   const fit_connectivity_params& p)
      : points(p.points, 3), wanted(p.points) {
    const grid& g = wanted_distance.geometry;
    const volume_function target(wanted_distance), start(start_distance);
    index_t found = 0;
    for (std::uint64_t draw = 0; found < p.points; ++draw) {
      if (draw > 1000 * static_cast<std::uint64_t>(p.points))
        throw error("fit_connectivity: expected a surface inside the volume, found none near enough",
                    error_kind::bad_data);
      const auto words = random_words(p.seed, random_stream::area_samples, 0, draw);
      vec3<double> index;
      for (int a = 0; a < 3; ++a)
        index[a] = unit_interval<double>(words[a]) * static_cast<double>(g.size[a] - 1);
      const vec3<double> x = g.to_world(index);
      const double d = target(x);
      if (std::abs(d) > p.band_mm && std::abs(start(x)) > p.band_mm) continue;
      for (int a = 0; a < 3; ++a) points.get()(found, a) = static_cast<float>(x[a] / unit_length_mm);
      wanted.get()[found++] = static_cast<float>(d / unit_length_mm);
    }
  }
};

/// Moves vertices to the zero of D, with steps of at most 0.25 mm; smooths them in the tangent plane in
/// between.
inline void snap_to_zero(triangle_mesh<double>& mesh, const volume<float>& distance, int steps) {
  const volume_function d(distance);
  const std::vector<edge> edges = unique_edges(mesh.faces);
  for (int s = 0; s < steps; ++s) {
    auto even = mesh.vertices;
    diffam::detail::umbrella_step(even, edges, 0.5);
    const auto normals = diffam::detail::unit_normals(mesh);
    for (std::size_t v = 0; v < even.size(); ++v) {
      const vec3<double> step = even[v] - mesh.vertices[v];
      const vec3<double> slid = mesh.vertices[v] + step - normals[v] * dot(normals[v], step);
      mesh.vertices[v] = project_to_zero(d, slid, 0.05);
    }
  }
}

/// Moves vertices to the zero of D without intersecting faces. Sliding removes intersections, so it repeats
/// up to four times while there are some. Returns the mesh with the fewest intersections.
inline triangle_mesh<double> snapped_to_zero(triangle_mesh<double> mesh, const volume<float>& distance,
                                             int steps) {
  triangle_mesh<double> best = mesh;
  std::size_t fewest = self_intersections(mesh).size();
  for (int round = 0; round < 4; ++round) {
    snap_to_zero(mesh, distance, steps);
    const std::size_t crossings = self_intersections(mesh).size();
    if (crossings <= fewest) {
      best = mesh;
      fewest = crossings;
    }
    if (crossings == 0) break;
  }
  return best;
}

}  // namespace detail

template <exec::policy Host>
triangle_mesh<double> fit_connectivity(const Host& e, const triangle_mesh<double>& mesh,
                                       const volume<float>& wanted, const fit_connectivity_params& p) {
  require_closed_mesh(mesh, "fit_connectivity");
  triangle_mesh<double> unit = mesh;
  for (auto& v : unit.vertices) v *= 1 / unit_length_mm;
  const detail::distance_samples samples(wanted,
                                         distance_volume(e, mesh, wanted.geometry, {.reach = p.band_mm}), p);
  const eigenbasis basis =
      compute_eigenbasis(unit, {.modes = std::min<index_t>(p.modes, mesh.vertex_count())});
  auto model = pipeline(
      spectral_shape<float, Host>(unit, basis),
      sum(weighted(static_cast<float>(p.edge_weight),
                   edge_loss<float, Host>(mesh.faces, mesh.vertex_count())),
          weighted(1.0f, pipeline(mesh_distance<float, Host>(unit, samples.points.get()),
                                  make_image_loss<Host>(fixed_target<float>{samples.wanted.get()})))));
  const spectral_steps<float, typename Host::memory> steps(basis.lambda, 1, {.spectral_rate = 5});
  using decay = optim::cosine<float>;
  const optim::vector_adam<float, Host, decay, optim::row_steps<float>> rule(
      {.rate = p.rate, .beta1 = 0.9, .beta2 = 0.9, .schedule = decay{1.0f, 0.05f}},
      {steps.base.get(), steps.log_ratio.get()});
  (void)minimize(model, rule, e, {.iterations = p.iterations});

  auto& shape = model.first();
  planned<std::decay_t<decltype(shape)>> memory(shape, {});
  shape.forward(e, {}, memory.output, memory.workspace);
  triangle_mesh<double> out{{}, mesh.faces};
  for (index_t v = 0; v < mesh.vertex_count(); ++v) {
    const vec3<float> x = load3(view<const float>(memory.output), v);
    out.vertices.push_back(vec3<double>{double(x[0]), double(x[1]), double(x[2])} * unit_length_mm);
  }
  return detail::snapped_to_zero(std::move(out), wanted, p.snaps);
}

}  // namespace diffam::spine
