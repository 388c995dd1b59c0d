// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The network of several inputs or outputs: the component suite, agreement with the network of one distance,
// shapes and messages.
#include "diffam/render/mlp.hpp"

#include "diffam/render/tabulated.hpp"
#include "support/component_suite.hpp"

using namespace diffam;

namespace {

std::vector<double> points(index_t n) {
  std::vector<double> x = check::detail::random_vector(n, 12, 0);
  for (double& v : x) v *= 0.5;
  return x;
}

}  // namespace

TEST_CASE("a network of three inputs and two outputs is a component", "[render]") {
  const index_t n = 331;
  for (const output_kind output : {output_kind::identity, output_kind::sigmoid}) {
    DYNAMIC_SECTION("output kind " << static_cast<int>(output)) {
      const auto make = [&](auto e) {
        return mlp<double, decltype(e)>({.inputs = 3,
                                         .outputs = 2,
                                         .frequencies = 5,
                                         .width = 19,
                                         .fourier_sigma = 0.7,
                                         .output = output,
                                         .seed = 3});
      };
      test::component_suite(make, points(3 * n), {n, 3}, {.step = 1e-6});
    }
  }
}

TEST_CASE("a network of two inputs and one output, with a column that is not read, is a component",
          "[render]") {
  const auto make = [&](auto e) {
    return mlp<double, decltype(e)>(
        {.inputs = 2, .frequencies = 12, .width = 8, .hidden_layers = 3, .fourier_sigma = 0.7});
  };
  test::component_suite(make, points(3 * 70), {70, 3}, {.step = 1e-6});
}

TEST_CASE("a second input of frequency 0 and a second output leave the function of a distance as it is",
          "[render]") {
  using E = exec::serial;
  const E e;
  const index_t n = 200;
  const mlp_params one{.frequencies = 8, .width = 16, .fourier_sigma = 0.7, .seed = 5};
  mlp_params two = one;
  two.inputs = two.outputs = 2;
  mlp<double, E> a(one), b(two);

  const std::vector<double> frequencies(8, 0.6);
  std::vector<double> pairs(16, 0.0);
  for (std::size_t j = 0; j < 8; ++j) pairs[2 * j] = frequencies[j];
  a.set_frequencies(frequencies);
  b.set_frequencies(pairs);
  // The blocks are equal but for the output layer: row 0 of b has the weights of a.
  const mlp_layout<double>&s = a.layout(), &t = b.layout();
  const view<const double> flat = a.parameters().value;
  std::vector<double> of_b(static_cast<std::size_t>(t.size()), 0.25);
  std::copy(flat.begin(), flat.begin() + s.bias(2), of_b.begin());
  of_b[static_cast<std::size_t>(t.bias(2))] = flat[s.bias(2)];
  b.set_parameters(of_b);

  buffer<double> x(n), xx(n, 2);
  const std::vector<double> at = points(2 * n);
  for (index_t i = 0; i < n; ++i) {
    x.data()[i] = xx.get()(i, 0) = at[static_cast<std::size_t>(2 * i)];
    xx.get()(i, 1) = at[static_cast<std::size_t>(2 * i + 1)];
  }
  planned p(a, {n, 1});
  planned q(b, {n, 2});
  a.forward(e, x.get(), p.output, p.workspace);
  b.forward(e, xx.get(), q.output, q.workspace);
  for (index_t i = 0; i < n; ++i)
    REQUIRE(q.output(i, 0) == Approx(p.output[i]).epsilon(test::tolerance<double>::golden));
  buffer<double> d_x(n), d_xx(n, 2);
  e.fill(p.d_output, 1.0);
  for (index_t i = 0; i < n; ++i) q.d_output(i, 0) = 1, q.d_output(i, 1) = 0;
  a.backward(e, x.get(), p.d_output, d_x.get(), p.workspace);
  b.backward(e, xx.get(), q.d_output, d_xx.get(), q.workspace);
  for (index_t i = 0; i < n; ++i) {
    REQUIRE(d_xx.get()(i, 0) == Approx(d_x.get()[i]).epsilon(test::tolerance<double>::golden));
    REQUIRE(d_xx.get()(i, 1) == 0);
  }
}

TEST_CASE("the network refuses wrong shapes, and accepts {} as its defaults", "[render]") {
  using E = exec::serial;
  test::require_shape_error(mlp<float, E>({.inputs = 3}), {10, 2});
  REQUIRE(mlp<float, E>({.outputs = 4}).output_extent({7, 1}) == extent{7, 4});
  REQUIRE_THROWS_WITH((mlp<float, E>({.inputs = 0})), "mlp: expected inputs >= 1, got 0");
  REQUIRE_THROWS_WITH((mlp<float, E>({.outputs = 0})), "mlp: expected outputs >= 1, got 0");
  REQUIRE(mlp<float, E>({}).get_params().width == mlp_params{}.width);
  REQUIRE_THROWS_AS((tabulated<float, E>({.function = {.outputs = 2}})), error);
  REQUIRE_THROWS_AS((tabulated<float, E>({.function = {.inputs = 2}})), error);
}
