// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Tutorial 3: the spectral modes of a vertebra, and steps from coarse to fine (Kim & Park 2024, section 2.3
// and Eq. 1). Picture: five modes, and the vertebra from its first modes alone.
#include <cmath>
#include <cstdio>

#include "diffam/exec/threads.hpp"
#include "diffam/loss/image.hpp"
#include "diffam/mesh/quality.hpp"
#include "diffam/optim/vector_adam.hpp"
#include "diffam/sdf/mesh_distance.hpp"
#include "diffam/shape/spectral_shape.hpp"
#include "diffam/shape/spectral_steps.hpp"
#include "diffam/solve/minimize.hpp"
#include "draw.hpp"
#include "inputs.hpp"

namespace d = diffam;
using exec = d::exec::threads;
using mesh_type = d::triangle_mesh<double>;

/// The mesh from its first `modes` modes: V = Phi U with the other rows of U = 0.
mesh_type from_first(const d::eigenbasis& basis, const d::shape_projection& shape,
                     const std::vector<d::face>& faces, d::index_t modes) {
  mesh_type out{std::vector<d::vec3<double>>(std::size_t(basis.vertex_count())), faces};
  for (std::size_t v = 0; v < out.vertices.size(); ++v)
    for (d::index_t k = 0; k < modes; ++k)
      out.vertices[v] += d::load3(shape.coefficients.get(), k) * basis.phi.get()(d::index_t(v), k);
  return out;
}

/// Root mean square distance between vertices of the same number, mm.
double apart(const mesh_type& a, const mesh_type& b) {
  double sum = 0;
  for (std::size_t v = 0; v < a.vertices.size(); ++v) sum += squared_norm(a.vertices[v] - b.vertices[v]);
  return std::sqrt(sum / double(a.vertices.size()));
}

/// `start` after 200 steps towards a shape of which signed distances (mm) at points are known.
mesh_type fitted(const mesh_type& start, const d::eigenbasis& basis, d::view<const float> points,
                 d::view<const float> wanted, d::optim::linear<float> alpha) {
  // [fit]
  auto model = d::pipeline(d::spectral_shape<float, exec>(start, basis),  // U, B, t -> vertices
                           d::mesh_distance<float, exec>(start, points),  // -> signed distances
                           d::image_loss<float, exec>({wanted}));         // -> mean |d - wanted|
  const d::spectral_steps<float> size(basis.lambda, 1,
                                      {.spectral_rate = 3, .linear_rate = 0.01, .shift_rate = 0.3});
  using steps = d::optim::row_steps<float>;  // mode k: (lambda_k / lambda_0)^-alpha of a whole step
  const d::optim::vector_adam<float, exec, d::optim::cosine<float>, steps> rule(
      {.rate = 1}, {size.base.get(), size.log_ratio.get(), alpha});
  d::minimize(model, rule, exec{}, {.iterations = 200});
  // [/fit]
  d::planned memory(model.first(), d::extent{});
  model.first().forward(exec{}, {}, memory.output, memory.workspace);
  mesh_type out = start;
  for (d::index_t v = 0; v < out.vertex_count(); ++v)
    for (int k = 0; k < 3; ++k) out.vertices[std::size_t(v)][k] = memory.output(v, k);
  return out;
}

int main(int argc, char** argv) {
  const auto mesh = tutorial::vertebra(tutorial::l3), other = tutorial::vertebra(tutorial::t12);
  // [basis]
  const d::eigenbasis basis = d::compute_eigenbasis(mesh, {.modes = 100});  // Phi: V x K; lambda: K
  const auto shape = d::project_shape(basis, mesh.vertices);                // U = Phi^T V, R = V - Phi U
  // [/basis]

  constexpr double scale = 2.2;  // pixels a mm
  const tutorial::viewpoint above{{1, 0, 0}, {0, 1, 0}};
  std::vector<tutorial::panel> panels;
  for (const d::index_t k : {1, 4, 15, 60}) {
    std::vector<tutorial::colour> colours;
    for (d::index_t v = 0; v < mesh.vertex_count(); ++v)
      colours.push_back(tutorial::signed_colour(basis.phi.get()(v, k), 0.06));
    tutorial::canvas picture(240, 240, tutorial::white);
    draw_shaded_mesh(picture, 0, 0, 240, mesh, above, {0, -18, 0}, scale, colours);
    panels.push_back({"mode " + std::to_string(k), picture});
  }
  double error[4] = {};
  int n = 0;
  for (const d::index_t modes : {5, 15, 40, 100}) {
    const mesh_type part = from_first(basis, shape, mesh.faces, modes);
    error[n++] = apart(part, mesh);
    tutorial::canvas picture(240, 240, tutorial::white);
    draw_shaded_mesh(picture, 0, 0, 240, part, above, {0, -18, 0}, scale);
    panels.push_back({"from " + std::to_string(modes) + " modes", picture});
  }
  tutorial::save(
      tutorial::sheet("Modes of a vertebra (from above), and the vertebra from its first modes", panels, 4),
      tutorial::folder(argc, argv) / "3_spectral_shape.png");

  d::buffer<float> points(24 * 28 * 16, 3);  // 4 mm apart, in a box around both
  for (d::index_t i = 0; i < points.get().rows; ++i)
    d::store3(points.get(), i,
              {4.0f * float(i % 24) - 46, 4.0f * float(i / 24 % 28) - 76, 4.0f * float(i / 672) - 30});
  const d::mesh_distance<float, exec> distance(other, points.get());
  const auto vertices = d::vertex_buffer<float>(other);
  d::planned wanted(distance, vertices.get().extent());
  distance.forward(exec{}, vertices.get(), wanted.output, wanted.workspace);
  const auto even = fitted(mesh, basis, points.get(), wanted.output, {0, 0, 1});
  const auto eq1 = fitted(mesh, basis, points.get(), wanted.output, {1, 0.4f, 1});  // alpha from 1 to 0.4
  const double q_even = d::measure_quality(even).least, q_eq1 = d::measure_quality(eq1).least;
  std::printf(
      "error of the first 5, 15, 40, 100 modes: %.1f, %.1f, %.1f, %.1f mm; L3 to T12, vertices %.1f mm "
      "apart: "
      "even steps %.1f mm, worst triangle %.2f; Eq. 1 %.1f mm, %.2f\n",
      error[0], error[1], error[2], error[3], apart(mesh, other), apart(even, other), q_even,
      apart(eq1, other), q_eq1);
  return error[0] > error[1] && error[1] > error[2] && error[2] > error[3] && q_eq1 > q_even &&
                 apart(eq1, other) < apart(even, other)
             ? 0
             : 1;
}
