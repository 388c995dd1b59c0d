// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The table and the tabulated network: the component suite, against each other, and against the network.
#include "diffam/render/table.hpp"

#include <algorithm>
#include <limits>

#include "diffam/render/tabulated.hpp"
#include "support/component_suite.hpp"
#include "support/golden.hpp"

using namespace diffam;

namespace {

using serial = exec::serial;

/// Inputs of `rows` x `cols`. Column 0 has distances in [-1, 1], away from the borders of 40 cells; the last
/// few are outside the range.
std::vector<double> distances(index_t rows, index_t cols) {
  std::vector<double> x = check::detail::random_vector(rows * cols, 11, 0);
  for (index_t i = 0; i < rows; ++i) {
    double& d = x[static_cast<std::size_t>(i * cols)];
    const double u = 20 * (1 + std::tanh(d)), cell = std::floor(u);
    d = -1 + (cell + 0.1 + 0.8 * (u - cell)) / 20;
    if (i >= rows - 5) d = i % 2 == 0 ? 1.3 : -1.2;
  }
  return x;
}

/// A range of 40 cells.
template <class Interpolation>
node_range forty_cells() {
  return {.nodes = 39 + Interpolation::width};
}

template <class T, class Exec, class Interpolation>
table<T, Exec, Interpolation> random_table() {
  table<T, Exec, Interpolation> t({.range = forty_cells<Interpolation>()});
  const auto values = check::detail::random_vector(t.parameters().value.rows, 5, 0);
  t.set_parameters(std::vector<T>(values.begin(), values.end()));
  return t;
}

template <class T, class Exec, class Interpolation>
tabulated<T, Exec, Interpolation> small_network() {
  return tabulated<T, Exec, Interpolation>(
      {.range = forty_cells<Interpolation>(),
       .function = {.frequencies = 5, .width = 9, .fourier_sigma = 0.7, .seed = 3}});
}

template <class T>
view<const T> column(const std::vector<T>& x) {
  return {x.data(), static_cast<index_t>(x.size()), 1};
}

template <class C>
std::vector<typename C::scalar> values_at(const C& c, const std::vector<typename C::scalar>& d) {
  planned p(c, {static_cast<index_t>(d.size()), 1});
  c.forward({}, column(d), p.output, p.workspace);
  return {p.output.begin(), p.output.end()};
}

}  // namespace

TEMPLATE_TEST_CASE("the table is a component", "[render]", linear_interpolation, cubic_interpolation) {
  const index_t n = 1300;  // three shards
  const auto make = [](auto e) { return random_table<double, decltype(e), TestType>(); };
  test::component_suite(make, distances(n, 1), {n, 1});
  SECTION("more columns") {
    test::component_suite(make, distances(70, 2), {70, 2});
  }
}

TEMPLATE_TEST_CASE("the tabulated network is a component", "[render]", linear_interpolation,
                   cubic_interpolation) {
  const index_t n = 1300;
  const auto make = [](auto e) { return small_network<double, decltype(e), TestType>(); };
  test::component_suite(make, distances(n, 2), {n, 2}, {.step = 1e-6});
}

TEMPLATE_TEST_CASE("the table has the values of its nodes at the nodes, and is constant outside", "[render]",
                   linear_interpolation, cubic_interpolation) {
  auto t = random_table<double, serial, TestType>();
  const auto nodes = t.parameters().value;
  const index_t lead = TestType::lead, end = nodes.rows - (TestType::width - 2 - lead);
  std::vector<double> at;
  for (index_t k = lead; k < end; ++k) at.push_back(t.node_distance(k));
  REQUIRE(at.front() == Approx(-1));
  REQUIRE(at.back() == Approx(1));
  const auto y = values_at(t, at);
  for (std::size_t i = 0; i < y.size(); ++i)
    CHECK(y[i] == Approx(nodes[static_cast<index_t>(i) + lead]).margin(test::tolerance<double>::formula));
  const std::vector<double> outside{-1.5, -1e30, 1.0, 4, 1e30};
  const auto z = values_at(t, outside);
  CHECK(z[0] == y.front());
  CHECK(z[1] == y.front());
  CHECK(z[2] == Approx(y.back()));
  CHECK(z[3] == z[2]);
  CHECK(z[4] == z[2]);
}

TEST_CASE("outside the range the derivative is 0 and the gradient goes to the last node", "[render]") {
  auto t = random_table<double, serial, cubic_interpolation>();
  const std::vector<double> x{-3, 2, 2};
  planned p(t, {3, 1});
  buffer<double> d_x(3);
  serial{}.fill(p.d_output, 1.0);
  t.backward({}, column(x), p.d_output, d_x.get(), p.workspace);
  const auto g = t.parameters().gradient;
  for (index_t i = 0; i < 3; ++i) CHECK(d_x.get()[i] == 0);
  for (index_t k = 0; k < g.rows; ++k) CHECK(g[k] == Approx(k == 1 ? 1 : (k == g.rows - 2 ? 2 : 0)));
}

TEMPLATE_TEST_CASE("without points, forward writes nothing and backward adds nothing", "[render]",
                   (table<double, serial>), (tabulated<double, serial>)) {
  TestType c;
  arena measuring;
  (void)c.plan(measuring, {0, 1});
  buffer<double> memory(measuring.used() / 8 + 1024);
  serial{}.fill(memory.get(), 7.0);  // a read beyond the empty sums would find a 7
  arena a(reinterpret_cast<std::byte*>(memory.data()), measuring.used());
  auto w = c.plan(a, {0, 1});
  c.forward({}, {nullptr, 0, 1}, {nullptr, 0, 1}, w);
  c.backward({}, {nullptr, 0, 1}, {nullptr, 0, 1}, {}, w);
  for (const double g : c.parameters().gradient) REQUIRE(g == 0);
}

TEST_CASE("a distance that is not finite gives an intensity of NaN", "[render]") {
  const auto t = random_table<float, serial, cubic_interpolation>();
  const float nan = std::numeric_limits<float>::quiet_NaN(),
              infinity = std::numeric_limits<float>::infinity();
  for (float y : values_at(t, {nan, infinity, -infinity})) CHECK(std::isnan(y));
}

TEST_CASE("the tabulated network equals a table of the values of the network, also its gradients",
          "[render]") {
  const index_t n = 1300;
  auto f = small_network<double, serial, cubic_interpolation>();
  auto t = random_table<double, serial, cubic_interpolation>();
  mlp<double, serial> network = mlp<double, serial>(f.get_params().function);
  std::vector<double> nodes;
  for (index_t k = 0; k < t.parameters().value.rows; ++k) nodes.push_back(t.node_distance(k));
  t.set_parameters(values_at(network, nodes));

  const std::vector<double> x = distances(n, 1);
  planned pf(f, {n, 1});
  planned pt(t, {n, 1});
  buffer<double> d_xf(n), d_xt(n);
  f.forward({}, column(x), pf.output, pf.workspace);
  t.forward({}, column(x), pt.output, pt.workspace);
  CHECK(test::relative_difference(pf.output, pt.output) < test::tolerance<double>::formula);
  const auto d_y = check::detail::random_vector(n, 8, 0);
  f.backward({}, column(x), column(d_y), d_xf.get(), pf.workspace);
  t.backward({}, column(x), column(d_y), d_xt.get(), pt.workspace);
  CHECK(test::relative_difference(d_xf.get(), d_xt.get()) < test::tolerance<double>::formula);

  planned pn(network, {static_cast<index_t>(nodes.size()), 1});
  network.forward({}, column(nodes), pn.output, pn.workspace);
  network.backward({}, column(nodes), t.parameters().gradient, {}, pn.workspace);
  CHECK(test::relative_difference(f.parameters().gradient, network.parameters().gradient) <
        test::tolerance<double>::formula);
}

/// The greatest error of the tabulated default network with its initial parameters, and the greatest ratio of
/// the error to its bound `factor` h V. V is the variation of f' within `reach` cells (interpolation.hpp).
template <class Interpolation>
std::pair<double, double> tabulation_error(index_t nodes, double factor, index_t reach) {
  const tabulated<double, serial, Interpolation> t({.range = {.nodes = nodes}});
  const index_t fine = 16, cells = nodes - Interpolation::width + 1;
  const double outer = 1 + 4.0 / static_cast<double>(cells);  // two more cells on each side
  const auto exact = appearance_curve(t.function(), {}, -outer, outer, fine * (cells + 4) + 1);
  const auto y = appearance_curve(t, {}, -1.0, 1.0, fine * cells + 1);
  double error = 0, share = 0;
  for (index_t cell = 0; cell < cells; ++cell) {
    const double* f = exact.data() + fine * (cell + 2);  // at the lower node of the cell
    double variation = 0;                                // variation of f' times h
    for (index_t i = -reach * fine + 1; i < (1 + reach) * fine; ++i)
      variation += std::abs(f[i + 1] - 2 * f[i] + f[i - 1]) * static_cast<double>(fine);
    for (index_t i = 0; i < fine; ++i) {
      const double e = std::abs(f[i] - y[static_cast<std::size_t>(fine * cell + i)]);
      error = std::max(error, e);
      share = std::max(share, e / (factor * variation));
    }
  }
  return {error, share};
}

TEST_CASE("the error of the tabulated network is within its bound", "[render]") {
  const auto [linear, linear_share] = tabulation_error<linear_interpolation>(513, 0.25, 0);
  const auto [cubic, cubic_share] = tabulation_error<cubic_interpolation>(515, 3.0 / 16, 1);
  const auto [finer, finer_share] = tabulation_error<cubic_interpolation>(2051, 3.0 / 16, 1);
  CHECK(linear_share <= 1);
  CHECK(linear_share > 0.5);  // kinks come close to the bound
  CHECK(cubic_share <= 1);
  CHECK(cubic_share > 0.25);
  CHECK(finer_share <= 1);
  CHECK(cubic < linear);
  CHECK(finer < cubic / 3);  // with kinks, four times as many nodes give a quarter of the error
}

TEST_CASE("the table in float agrees with double", "[render]") {
  const auto f = random_table<float, serial, cubic_interpolation>();
  const auto g = random_table<double, serial, cubic_interpolation>();
  const auto d = distances(500, 1);
  const std::vector<float> in_float(d.begin(), d.end());
  const auto y = values_at(f, in_float);
  const auto z = values_at(g, std::vector<double>(in_float.begin(), in_float.end()));
  CHECK(test::relative_difference(column(y), column(z)) < test::tolerance<float>::golden);
}

TEST_CASE("tables refuse wrong shapes and ranges", "[render]") {
  using cubic = table<float, serial>;
  REQUIRE_THROWS_WITH(cubic({.range = {.nodes = 3}}), "table: expected nodes >= 4, got 3");
  REQUIRE_THROWS_AS(cubic({.range = {.first = 1, .last = 1}}), error);
  REQUIRE_THROWS_WITH((tabulated<float, serial, linear_interpolation>({.range = {.nodes = 1}})),
                      "tabulated: expected nodes >= 2, got 1");
  cubic t;
  REQUIRE_THROWS_WITH(t.set_parameters(std::vector<float>(3)), "table: expected 128 parameters, got 3");
  test::require_shape_error(t, {5, 0});
  test::require_shape_error(tabulated<float, serial>(), {5, 0});
}
