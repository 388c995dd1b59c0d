// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// docs/components/spectral-shape.md and docs/components/optimizers.md: deformable meshes, rules, runs.
#include <cmath>
#include <cstdio>

#include "diffam/exec/threads.hpp"
#include "diffam/loss/image.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/optim/adam.hpp"
#include "diffam/optim/vector_adam.hpp"
#include "diffam/shape/spectral_shape.hpp"
#include "diffam/shape/spectral_steps.hpp"
#include "diffam/solve/minimize.hpp"
#include "snippets.hpp"

namespace d = diffam;
using exec = d::exec::threads;

void spectral_shape() {
  const auto mesh = d::make_icosphere<double>(3, 1.0);  // 642 vertices
  const exec e;

  // [eigenbasis]
  const d::eigenbasis basis =
      d::compute_eigenbasis(mesh, {.modes = 64});     // once; double; seconds for large K
  const d::view<const double> phi = basis.phi.get();  // V x K
  const double slowest = basis.lambda[1];             // lambda[0] is 0, the constant mode
  // [/eigenbasis]
  expect(phi.rows == mesh.vertex_count() && slowest > 0, "the basis has a row a vertex");
  expect(std::abs(basis.lambda[1] / basis.lambda[3] - 1) < 0.01, "a sphere's first three modes are alike");

  // [spectral_shape]
  auto shape = d::spectral_shape<float, exec>(mesh, basis);  // starts at the mesh itself
  d::planned memory(shape, d::extent{});                     // a source: its input is 0 x 0
  auto unknowns = shape.first().get();                       // (K + 4) x 3, a copy in ordinary memory
  unknowns.get()(5, 0) += 0.5f;                              // mode 5, along x
  unknowns.get()(basis.modes() + 3, 2) += 2.0f;              // the last row is the translation
  shape.first().set(unknowns.get());
  shape.forward(e, {}, memory.output, memory.workspace);  // V x 3
  // [/spectral_shape]
  double worst = 0;
  for (d::index_t v = 0; v < mesh.vertex_count(); ++v) {
    const auto& x = mesh.vertices[std::size_t(v)];
    const d::vec3<double> expected{x[0] + 0.5 * phi(v, 5), x[1], x[2] + 2};
    for (int k = 0; k < 3; ++k) worst = std::max(worst, std::abs(double(memory.output(v, k)) - expected[k]));
  }
  expect(worst < 1e-5, "a coefficient moves the vertices along its mode");

  // [spectral_steps]
  const d::spectral_steps<float> steps(basis.lambda, 1);  // one mesh; tables of one number a row
  const d::optim::row_steps<float> by_frequency{steps.base.get(), steps.log_ratio.get()};
  const d::optim::vector_adam<float, exec, d::optim::constant<float>, d::optim::row_steps<float>> rule(
      {.rate = 0.01}, by_frequency);
  // [/spectral_steps]
  expect(by_frequency(0, 0.0f) == 0 && by_frequency(1, 0.0f) == 1 && by_frequency(60, 0.0f) < 0.1f,
         "high frequencies take smaller steps");
  (void)rule;
}

void optimizers() {
  const exec e;
  d::buffer<float> wanted(4), start(4);
  for (int i = 0; i < 4; ++i) wanted.get()[i] = float(i) - 1.5f;

  // [minimize]
  auto model = d::pipeline(d::coefficients<float, exec>(start.get()),  // 4 unknowns
                           d::image_loss<float, exec, d::fixed_target<float>, d::squared>({wanted.get()}));
  using decay = d::optim::cosine<float>;  // the rate falls to 0 along half a cosine
  const d::optim::adam<float, exec, decay> rule({.rate = 0.1});
  const d::summary summary =
      d::minimize(model, rule, e, {.iterations = 400, .read_loss_every = 20}, d::early_stop(5),
                  [](const d::progress& p) { std::printf("%d: %g\n", int(p.iteration), p.loss); });
  // [/minimize]
  const auto found = model.first().get();
  for (int i = 0; i < 4; ++i)
    expect(std::abs(found.get()[i] - wanted.get()[i]) < 0.05f, "the unknowns are found");
  expect(summary.final_loss < summary.initial_loss && summary.reason != d::stop_reason::not_finite,
         "the loss falls");

  auto second = d::pipeline(d::coefficients<float, exec>(start.get()),
                            d::image_loss<float, exec, d::fixed_target<float>, d::squared>({wanted.get()}));
  // [solver]
  d::iteration_clock<exec> clock(300);
  d::solver solver(second, rule, e, clock);  // plans all memory; a step allocates nothing
  while (solver.iteration() < 100) solver.step();
  const std::vector<std::byte> state = solver.save();  // clock, unknowns, moments
  while (!solver.done()) solver.step();
  const double loss = solver.loss();

  solver.restore(state);  // goes on with the same bits
  while (!solver.done()) solver.step();
  // [/solver]
  expect(solver.loss() == loss, "a run that was restored ends with the same bits");

  // [per_block]
  const auto rules =
      d::optim::per_block(d::optim::vector_adam<float, exec>({.rate = 0.05}),  // the first block
                          d::optim::adam<float, exec>({.rate = 0.01}));        // all others
  // [/per_block]
  expect(rules.get<0>().get_params().rate == 0.05, "each rule keeps its rate");
}
