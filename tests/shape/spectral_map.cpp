// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Coefficients, the spectral map, the initial coefficients of a fit and the factors of equation 1.
#include "diffam/shape/spectral_map.hpp"

#include "diffam/mesh/primitives.hpp"
#include "diffam/optim/row_steps.hpp"
#include "diffam/shape/spectral_shape.hpp"
#include "diffam/shape/spectral_steps.hpp"
#include "support/component_suite.hpp"
#include "support/golden.hpp"

using namespace diffam;

namespace {

/// The coefficients of all vertebrae in one block, from the separate arrays of the golden values.
buffer<double> pack(const buffer<double>& u, const buffer<double>& b, const buffer<double>& t,
                    index_t count) {
  const index_t modes = u.get().rows / count;
  buffer<double> x((modes + 4) * count, 3);
  for (index_t m = 0; m < count; ++m) {
    double* to = x.get().row(m * (modes + 4));
    to = std::copy_n(u.get().row(m * modes), 3 * modes, to);
    to = std::copy_n(b.get().row(3 * m), 9, to);
    std::copy_n(t.get().row(m), 3, to);
  }
  return x;
}

/// `count` copies of x in one buffer.
buffer<double> repeat(const buffer<double>& x, index_t count) {
  buffer<double> all(count * x.get().rows, 3);
  for (index_t m = 0; m < count; ++m) std::copy_n(x.data(), x.size(), all.data() + m * x.size());
  return all;
}

std::vector<double> random(index_t n, std::uint64_t number) {
  return check::detail::random_vector(n, 21, number);
}
buffer<double> random_matrix(index_t rows, index_t cols, std::uint64_t number) {
  buffer<double> b(rows, cols);
  const auto x = random(b.size(), number);
  b.upload(x.data());
  return b;
}

template <class T>
double tolerance_of_golden() {
  return test::tolerance<T>::golden;
}

}  // namespace

TEMPLATE_TEST_CASE("the spectral map and its pullback agree with the golden values", "[shape][golden]", float,
                   double) {
  if (!test::golden::present("spine")) return;
  using T = TestType;
  const test::golden g("spine");
  const index_t count = 3;
  spectral_map<T, exec::threads> map(g.matrix("Phi").get(), repeat(g.matrix("R"), count).get());
  const buffer<double> x64 = pack(g.matrix("U"), g.matrix("B"), g.matrix("t"), count);
  buffer<T> x(x64.get().rows, 3), d_x(x64.get().rows, 3);
  std::copy_n(x64.data(), x64.size(), x.data());
  planned<spectral_map<T, exec::threads>> p(map, x.get().extent());
  const exec::threads e(2);
  map.forward(e, x.get(), p.output, p.workspace);
  REQUIRE(test::relative_difference(p.output, g.matrix("out").get()) < tolerance_of_golden<T>());
  const auto cotangent = g.matrix("G");
  std::copy_n(cotangent.data(), cotangent.size(), p.d_output.data);
  map.backward(e, x.get(), p.d_output, d_x.get(), p.workspace);
  const auto expected = pack(g.matrix("grad_U"), g.matrix("grad_B"), g.matrix("grad_t"), count);
  REQUIRE(test::relative_difference(d_x.get(), expected.get()) < tolerance_of_golden<T>());
}

TEST_CASE("the spectral map passes the component suite", "[shape][component]") {
  // 301 vertices and 13 modes leave remainders in every tile; 1 and 5 vertebrae need different padding.
  const index_t count = GENERATE(1, 5);
  const auto phi = random_matrix(301, 13, 1), residual = random_matrix(301 * count, 3, 2);
  test::component_suite([&](auto e) { return spectral_map<double, decltype(e)>(phi.get(), residual.get()); },
                        random(17 * count * 3, 3), {17 * count, 3});
}

TEST_CASE("spectral_shape passes the component suite", "[shape][component]") {
  const auto mesh = make_torus(1, 0.4, 12, 9);
  const auto basis = compute_eigenbasis(mesh, {.modes = 10});
  test::component_suite([&](auto e) { return spectral_shape<double, decltype(e)>(mesh, basis); }, {}, {0, 0});
}

TEST_CASE("the spectral map refuses wrong extents", "[shape]") {
  const auto phi = random_matrix(30, 5, 1), residual = random_matrix(60, 3, 2);
  const spectral_map<float, exec::serial> map(phi.get(), residual.get());
  REQUIRE(map.vertebra_count() == 2);
  REQUIRE(map.output_extent({18, 3}) == extent{60, 3});
  test::require_shape_error(map, {17, 3});
  using map_type = spectral_map<float, exec::serial>;
  REQUIRE_THROWS_WITH(
      map_type(phi.get(), random_matrix(61, 3, 2).get()),
      "spectral_map: expected residuals of M times 30 rows (vertices of the basis), got 61 x 3");
  REQUIRE_THROWS_AS(map_type(phi.get(), random_matrix(60, 2, 2).get()), error);
  REQUIRE_THROWS_AS(map_type(view<const double>{}, residual.get()), error);
  using source = coefficients<float, exec::serial>;
  test::require_shape_error(source(phi.get()), {1, 1});
  REQUIRE_THROWS_AS(source(view<const double>{}), error);
}

TEMPLATE_TEST_CASE("spectral_shape starts at its mesh for any number of modes and any mass", "[shape]", float,
                   double) {
  const auto mesh = make_torus(2, 0.7, 24, 16);
  for (mass_kind mass : {mass_kind::none, mass_kind::lumped})
    for (index_t modes : {1, 30, 384}) {
      auto shape = spectral_shape<TestType, exec::serial>(mesh, {.modes = modes, .mass = mass});
      planned<decltype(shape)> p(shape, {0, 0});
      shape.forward({}, {}, p.output, p.workspace);
      const auto expected = vertex_buffer<double>(mesh);
      REQUIRE(test::relative_difference(p.output, expected.get()) < 10 * test::tolerance<TestType>::formula);
    }
}

TEST_CASE("the projection splits a mesh into a part in the basis and an orthogonal residual", "[shape]") {
  const auto mesh = make_torus(2, 0.7, 24, 16);
  for (mass_kind mass : {mass_kind::none, mass_kind::lumped}) {
    const auto basis = compute_eigenbasis(mesh, {.modes = 30, .mass = mass});
    const auto p = project_shape(basis, mesh.vertices);
    // The residual is orthogonal to the basis: its projection is 0.
    std::vector<vec3<double>> rest;
    for (index_t v = 0; v < mesh.vertex_count(); ++v) rest.push_back(load3(p.residual.get(), v));
    const auto again = project_shape(basis, rest);
    for (index_t i = 0; i < again.coefficients.size(); ++i)
      REQUIRE(std::abs(again.coefficients.data()[i]) < 1e-10);
    // A translation changes the constant mode only.
    const auto moved = [&] {
      auto x = mesh.vertices;
      for (auto& v : x) v += vec3<double>{3, 0, 0};
      return x;
    }();
    const auto q = project_shape(basis, moved);
    for (index_t i = 0; i < q.residual.size(); ++i)
      REQUIRE(std::abs(q.residual.data()[i] - p.residual.data()[i]) < 1e-10);
    for (index_t k = 1; k < 30; ++k)
      REQUIRE(std::abs(q.coefficients.get()(k, 0) - p.coefficients.get()(k, 0)) < 1e-9);
  }
}

TEST_CASE("initial coefficients give the affine image of each vertebra's own shape", "[shape]") {
  // Two vertebrae with templates of the same connectivity. The second template is twice as large.
  const auto mesh = make_torus(2, 0.7, 24, 16);
  auto larger = mesh;
  for (auto& v : larger.vertices) v *= 2;
  const auto basis = compute_eigenbasis(mesh, {.modes = 30});
  shape_projections shapes;
  shapes.push_back(project_shape(basis, mesh.vertices));
  shapes.push_back(project_shape(basis, larger.vertices));
  const std::vector<mat3<double>> axes = {{{{0, 1, 0}, {-1, 0, 0}, {0, 0, 1}}},
                                          {{{1, 0.1, 0}, {0, 1, 0.2}, {0.3, 0, 1}}}};
  const std::vector<vec3<double>> shifts = {{1, 2, 3}, {-4, 5, -6}};
  const auto x = initial_coefficients(shapes, axes, shifts);
  const spectral_map<double, exec::serial> map(basis.phi.get(), stack_residuals(shapes, 2).get());
  planned<spectral_map<double, exec::serial>> p(map, x.get().extent());
  map.forward({}, x.get(), p.output, p.workspace);
  for (index_t v = 0; v < mesh.vertex_count(); ++v) {
    const vec3<double> a = mesh.vertices[static_cast<std::size_t>(v)];
    REQUIRE(norm(load3(p.output, v) - (a * axes[0] + shifts[0])) < 1e-12);
    REQUIRE(norm(load3(p.output, mesh.vertex_count() + v) - (2.0 * a * axes[1] + shifts[1])) < 1e-12);
  }
  REQUIRE_THROWS_WITH(initial_coefficients(shapes, {axes[0], axes[0], axes[0]}, {{}, {}, {}}),
                      "initial_coefficients: expected 1 or 3 shapes, got 2");
  REQUIRE_THROWS_AS(initial_coefficients(shapes, axes, {{}}), error);
  REQUIRE_THROWS_AS(stack_residuals(shapes, 3), error);
}

TEST_CASE("step sizes fall with frequency as in equation 1", "[shape][golden]") {
  if (!test::golden::present("spine")) return;
  const test::golden g("spine");
  const auto lambda = g.numbers("lam");
  const spectral_steps<double> steps(lambda, 3, {.spectral_rate = 5, .linear_rate = 2, .shift_rate = 3});
  REQUIRE(steps.base.size() == 3 * 24);
  for (const auto& at : {std::pair(1.0, "eq1_1_0"), {0.7, "eq1_0_7"}, {0.4, "eq1_0_4"}}) {
    const double alpha = at.first;
    const auto expected = g.numbers(at.second);
    for (index_t m = 0; m < 3; ++m) {
      const auto scale = [&](index_t row) {
        const index_t i = m * 24 + row;
        return optim::row_steps<double, optim::constant<double>>{
            steps.base.get(), steps.log_ratio.get(), {alpha}}(i, 0.0);
      };
      for (index_t k = 0; k < 20; ++k)
        REQUIRE(scale(k) == Approx(5 * expected[static_cast<std::size_t>(k)]).epsilon(1e-12));
      for (index_t k = 20; k < 23; ++k) REQUIRE(scale(k) == 2);
      REQUIRE(scale(23) == 3);
    }
  }
  REQUIRE_THROWS_AS(spectral_steps<float>({0, -1}, 1), error);
}
