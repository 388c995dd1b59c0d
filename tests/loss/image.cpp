// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The image loss: golden values of the loss alone and after distance and renderer, gradients, masks.
#include "diffam/loss/image.hpp"

#include "diffam/component/pipeline.hpp"
#include "diffam/render/mlp.hpp"
#include "diffam/sdf/mesh_distance.hpp"
#include "support/component_suite.hpp"
#include "support/golden_image.hpp"

using namespace diffam;

namespace {

/// Loss and gradient of a component at x.
template <class C>
struct evaluated {
  double loss;
  buffer<double> d_x;
};

template <class C>
evaluated<C> evaluate(C& c, view<const double> x) {
  planned<C> p(c, x.extent());
  evaluated<C> out{0, buffer<double>(x.rows, x.cols)};
  c.forward({}, x, p.output, p.workspace);
  out.loss = p.output[0];
  p.d_output[0] = 1;
  c.backward({}, x, p.d_output, out.d_x.get(), p.workspace);
  return out;
}

using serial_loss = image_loss<double, exec::serial>;

}  // namespace

TEST_CASE("the image loss with and without a mask agrees with the golden values", "[loss]") {
  if (!test::golden::present("loss_image")) return;
  const test::golden g("loss_image");
  const auto y = g.matrix("y"), target = g.matrix("target"), mask = g.matrix("mask");
  serial_loss masked({target.get(), mask.get()}), plain({target.get()});
  constexpr double limit = test::tolerance<double>::golden;
  REQUIRE(evaluate(masked, y.get()).loss == Approx(g.number("L_I")).epsilon(limit));
  REQUIRE(evaluate(plain, y.get()).loss == Approx(g.number("L_I_nomask")).epsilon(limit));
}

TEST_CASE("the image at the golden points agrees with the golden target and mask", "[loss]") {
  if (!test::golden::present("loss_image")) return;
  const test::golden g("loss_image");
  const auto points = test::golden("signed_distance").matrix("P");
  const auto space = test::golden_space();
  const sampled_target<double, decltype(space)::sampler_type> target{points.get(), space.sampler()};
  const auto want = g.matrix("target"), mask = g.matrix("mask");
  for (index_t i = 0; i < target.rows(); ++i) {
    const auto t = target(i);
    REQUIRE(t.weight == mask.get()[i]);
    if (t.weight != 0) REQUIRE(t.value == Approx(want.get()[i]).epsilon(test::tolerance<double>::golden));
  }
}

TEST_CASE("loss and gradients of distance, renderer and image loss agree with the golden values", "[loss]") {
  if (!test::golden::present("loss_image")) return;
  const test::golden g("loss_image"), mesh("mesh"), renderer("renderer");
  const auto vertices = mesh.matrix("V");
  const auto points = test::golden("signed_distance").matrix("P");
  const auto space = test::golden_space();
  using exec = exec::serial;
  using target = sampled_target<double, decltype(space)::sampler_type>;
  mlp<double, exec> f({.frequencies = 8, .width = 16, .hidden_layers = 2, .output = output_kind::sigmoid});
  f.set_frequencies(renderer.numbers("B"));
  f.set_parameters(test::renderer_block(renderer, "p_"));
  auto model = pipeline(mesh_distance<double, exec, exact_winding>(mesh.faces("F"), points.get()),
                        std::move(f), image_loss<double, exec, target>({points.get(), space.sampler()}));
  const auto r = evaluate(model, vertices.get());
  constexpr double limit = test::tolerance<double>::golden;
  REQUIRE(r.loss == Approx(g.number("L_I")).epsilon(limit));
  REQUIRE(test::relative_difference(r.d_x.get(), g.matrix("grad_V").get()) < limit);
  const std::vector<double> want = test::renderer_block(g, "g_");
  index_t blocks = 0;
  model.visit_parameters([&](auto block) {
    ++blocks;
    const view<const double> expected{want.data(), static_cast<index_t>(want.size())};
    REQUIRE(test::relative_difference(block.gradient, expected) < limit);
  });
  REQUIRE(blocks == 1);
}

TEST_CASE("gradients of the image loss with every penalty", "[loss]") {
  const index_t n = 700;
  const auto random = check::detail::random_vector(n, 4, 1);
  std::vector<double> values(random.size()), mask(random.size()), x(random.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = 0.3 * random[i];
    // Residuals of both signs, away from 0 and from 0.05, the delta of the Huber penalty.
    x[i] = values[i] + (i % 2 == 0 ? 0.11 : -0.02) * (1 + 0.3 * random[(i + 7) % values.size()]);
    mask[i] = i % 5 == 0 ? 0.0 : 1.0;
  }
  test::placed at;
  const auto target = [&](auto e) {
    return fixed_target<double>{at(e, view<const double>(values.data(), n)),
                                at(e, view<const double>(mask.data(), n))};
  };
  SECTION("absolute") {
    test::component_suite(
        [&](auto e) { return image_loss<double, decltype(e), fixed_target<double>>(target(e)); }, x, {n, 1});
  }
  SECTION("squared") {
    test::component_suite(
        [&](auto e) { return image_loss<double, decltype(e), fixed_target<double>, squared>(target(e)); }, x,
        {n, 1});
  }
  SECTION("huber") {
    test::component_suite(
        [&](auto e) { return image_loss<double, decltype(e), fixed_target<double>, huber<>>(target(e)); }, x,
        {n, 1});
  }
}

TEST_CASE("samples outside the image do not count in the image loss", "[loss]") {
  grid g;
  g.size = {4, 4, 4};
  g.axes = {{{64, 0, 0}, {0, 64, 0}, {0, 0, 64}}};  // a voxel is a unit length
  const scale_space<double, exec::serial> space(exec::serial{}, fully_measured(volume<float>(g, 0.25f)),
                                                {.sigma = 0});
  const auto inside_two = std::vector<double>{1, 1, 1, -0.1, 1, 1, 3, 2.5, 0, 3.01, 0, 0};
  buffer<double> y(4);
  for (index_t i = 0; i < 4; ++i) y.get()[i] = 1 + static_cast<double>(i);
  using target = sampled_target<double>;
  SECTION("some inside: mean of |1 - 1/4| and |3 - 1/4|") {
    image_loss<double, exec::serial, target> loss({{inside_two.data(), 4, 3}, space.sampler()});
    const auto r = evaluate(loss, y.get());
    REQUIRE(r.loss == Approx(1.75));
    const double expected[] = {0.5, 0, 0.5, 0};
    for (index_t i = 0; i < 4; ++i) REQUIRE(r.d_x.get()[i] == expected[i]);
  }
  SECTION("none inside: the loss is 0, not NaN") {
    const std::vector<double> away(12, 50.0);
    image_loss<double, exec::serial, target> loss({{away.data(), 4, 3}, space.sampler()});
    y.get()[2] = HUGE_VAL;  // a bad value that does not count must not spread
    const auto r = evaluate(loss, y.get());
    REQUIRE(r.loss == 0);
    for (index_t i = 0; i < 4; ++i) REQUIRE(r.d_x.get()[i] == 0);
  }
}

TEST_CASE("the subgradient at a residual of 0 is 0", "[loss]") {
  const std::vector<double> values{1, 2};
  buffer<double> y(2);
  y.get()[0] = 1, y.get()[1] = 3;
  serial_loss loss({{values.data(), 2}});
  const auto r = evaluate(loss, y.get());
  REQUIRE(r.d_x.get()[0] == 0);
  REQUIRE(r.d_x.get()[1] == 0.5);
}

TEST_CASE("an image loss refuses a wrong number of intensities", "[loss]") {
  const std::vector<double> values(5);
  test::require_shape_error(serial_loss({{values.data(), 5}}), {6, 1});
  test::require_shape_error(serial_loss({{values.data(), 5}}), {5, 2});
}
