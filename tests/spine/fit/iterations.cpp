// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Compares three whole iterations for a spine of three vertebrae with the independent implementation: every
// loss term, every gradient, and every parameter after each step.
#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/optim/vector_adam.hpp"
#include "diffam/shape/projection.hpp"
#include "diffam/shape/spectral_steps.hpp"
#include "diffam/solve/solver.hpp"
#include "diffam/spine/fit/objective.hpp"
#include "support/golden.hpp"
#include "support/golden_image.hpp"
#include "support/tolerance.hpp"

using namespace diffam;

namespace {

/// The rows U, B and t of all vertebrae in the layout of `spectral_map`.
buffer<double> unknowns(const test::golden& g, const std::string& u_key, const std::string& b_key,
                        const std::string& t_key) {
  const auto u = g.numbers(u_key), b = g.numbers(b_key), t = g.numbers(t_key);
  const std::size_t vertebrae = t.size() / 3, modes = u.size() / t.size();
  buffer<double> all(static_cast<index_t>(vertebrae * (modes + 4)), 3);
  double* to = all.data();
  for (std::size_t m = 0; m < vertebrae; ++m) {
    to = std::copy_n(u.begin() + static_cast<std::ptrdiff_t>(3 * modes * m), 3 * modes, to);
    to = std::copy_n(b.begin() + static_cast<std::ptrdiff_t>(9 * m), 9, to);
    to = std::copy_n(t.begin() + static_cast<std::ptrdiff_t>(3 * m), 3, to);
  }
  return all;
}

void require_close(const std::string& what, view<const double> found, view<const double> expected) {
  INFO(what);
  REQUIRE(test::relative_difference(found, expected) < test::tolerance<double>::golden);
}

template <class Exec>
void reproduce_three_iterations(const Exec& e) {
  const test::golden g("iterations"), shape("spine"), mesh("mesh");
  using parts = spine::objective<double, Exec, fixed_points<double>, fixed_surface_samples<double>,
                                 face_normals, image_sampler<double, central_difference, double>>;
  constexpr index_t vertebrae = 3, vertices = 100, faces = 200, samples = 120;

  const auto levels = test::golden_space<central_difference>(e);
  const auto lambda = shape.numbers("lam");
  const mesh_stack stack = stack_copies(mesh.faces("F"), vertices, vertebrae);
  buffer<double> residuals(vertebrae * vertices, 3);
  for (index_t m = 0; m < vertebrae; ++m)
    std::copy_n(shape.matrix("R").data(), 3 * vertices, residuals.get().row(m * vertices));

  buffer<double> points(samples, 3), bary(samples, 3);
  buffer<stored_index> face_of(samples);
  const auto load_samples = [&](const std::string& step) {
    std::copy_n(g.matrix(step + "P").data(), points.size(), points.data());
    std::copy_n(g.matrix(step + "qbary").data(), bary.size(), bary.data());
    const auto in_mesh = g.numbers(step + "qface"), of_mesh = g.numbers(step + "qmesh");
    for (std::size_t i = 0; i < samples; ++i)
      face_of.data()[i] = static_cast<stored_index>(in_mesh[i] + faces * of_mesh[i]);
  };
  load_samples("s0_");

  typename parts::renderer renderer(
      {.frequencies = 8, .width = 16, .hidden_layers = 2, .output = output_kind::sigmoid});
  renderer.set_frequencies(g.numbers("B"));
  renderer.set_parameters(test::renderer_block(g, "p0_"));
  const buffer<double> start = unknowns(g, "U0", "B0", "t0");
  typename parts::scene scene(stack, fixed_points<double>{points.get()});
  image_loss<double, Exec, typename parts::target> image({points.get(), levels.sampler()});
  typename parts::normal_term normal(stack.faces, stack.vertex_count(),
                                     fixed_surface_samples<double>(face_of.get(), bary.get()),
                                     levels.sampler());
  auto model = parts::make(coefficients<double, Exec>(start.get()),
                           variance_loss<double, Exec>(lambda, vertebrae, {{0, 1}, {1, 2}}),
                           {{start.get().rows, {}}, {stack.vertex_count(), {}}},
                           spectral_map<double, Exec>(shape.matrix("Phi").get(), residuals.get()),
                           edge_loss<double, Exec>(stack.faces, stack.vertex_count()), std::move(normal),
                           std::move(scene), std::move(renderer), std::move(image), spine::fit_options{});

  const spectral_steps<double> steps(lambda, vertebrae);
  using shape_rule = optim::vector_adam<double, Exec, optim::constant<double>, optim::row_steps<double>>;
  using rule = optim::per_block<shape_rule, optim::adam<double, Exec>>;
  iteration_clock<Exec> clock(3);
  solver<typename parts::type, rule> s(
      model,
      rule(shape_rule({.rate = 0.01}, {steps.base.get(), steps.log_ratio.get(), {1, 0.4, 1}}),
           optim::adam<double, Exec>({.rate = 0.01})),
      e, clock);

  spine::loss_record<double, Exec> record(3);
  iteration_flags<Exec> flags;
  for (int k = 0; k < 3; ++k) {
    const std::string step = "s" + std::to_string(k) + "_";
    load_samples(step);
    s.step();
    record.launch(e, parts::losses(s.workspace(), s.output(), spine::fit_options{}), clock.state(),
                  flags.word());
    const auto expected = g.numbers(step + "losses_I_E_N_O_V_total");
    const spine::loss_values found = record.at(static_cast<std::uint64_t>(k));
    INFO("iteration " << k);
    const auto near = [](double x) { return Approx(x).epsilon(test::tolerance<double>::golden); };
    REQUIRE(found.image == near(expected[0]));
    REQUIRE(found.edge == near(expected[1]));
    REQUIRE(found.normal == near(expected[2]));
    REQUIRE(found.overlap == near(expected[3]));
    REQUIRE(found.variance == near(expected[4]));
    REQUIRE(found.total == near(expected[5]));

    const auto as_view = [](const std::vector<double>& x) {
      return view<const double>(x.data(), static_cast<index_t>(x.size()));
    };
    require_close("gradient of the unknowns", s.blocks()[0].gradient,
                  unknowns(g, step + "gU", step + "gB", step + "gt").get());
    require_close("gradient of the renderer", s.blocks()[1].gradient,
                  as_view(test::renderer_block(g, step + "g_")));
    require_close("unknowns", s.blocks()[0].value, unknowns(g, step + "U", step + "B", step + "t").get());
    require_close("renderer", s.blocks()[1].value, as_view(test::renderer_block(g, step + "p_")));
  }
}

}  // namespace

TEST_CASE("three iterations of the whole fit equal those of the independent implementation", "[spine]") {
  for (const char* file : {"iterations", "spine", "mesh", "image"})
    if (!test::golden::present(file)) return;
  SECTION("serial") {
    reproduce_three_iterations(exec::serial{});
  }
  SECTION("threads") {
    reproduce_three_iterations(exec::threads(2));
  }
}
