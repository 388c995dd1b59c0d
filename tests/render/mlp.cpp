// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The renderer: the component suite, values of an independent implementation, float against double, initial
// parameters.
#include "diffam/render/mlp.hpp"

#include <algorithm>
#include <string>

#include "diffam/component/pipeline.hpp"
#include "support/component_suite.hpp"
#include "support/golden.hpp"

using namespace diffam;

namespace {

std::vector<double> distances(index_t n, double scale = 0.5) {
  std::vector<double> d = check::detail::random_vector(n, 11, 0);
  for (double& x : d) x *= scale;
  return d;
}

/// The parameters of a golden file in the order of the parameter block. The keys are prefix + lin_l_weight,
/// ...
std::vector<double> flat_golden(const test::golden& g, const std::string& prefix) {
  std::vector<double> flat;
  const auto add = [&](const std::string& key) {
    const auto part = g.numbers(prefix + key);
    flat.insert(flat.end(), part.begin(), part.end());
  };
  for (const std::string l : {"0", "1"}) {
    add("lin_" + l + "_weight");
    add("lin_" + l + "_bias");
    add("ln_" + l + "_weight");
    add("ln_" + l + "_bias");
  }
  add("lin_2_weight");
  add("lin_2_bias");
  return flat;
}

template <class T>
std::vector<T> as(const std::vector<double>& x) {
  std::vector<T> y(x.size());
  std::transform(x.begin(), x.end(), y.begin(), [](double v) { return static_cast<T>(v); });
  return y;
}

template <class T, class Exec>
mlp<T, Exec> golden_mlp(const test::golden& g) {
  mlp<T, Exec> m({.frequencies = 8, .width = 16, .hidden_layers = 2, .output = output_kind::sigmoid});
  m.set_frequencies(as<T>(g.numbers("B")));
  m.set_parameters(as<T>(flat_golden(g, "p_")));
  return m;
}

template <class T>
view<const T> column(const std::vector<T>& x) {
  return {x.data(), static_cast<index_t>(x.size()), 1};
}

template <class T>
void compare_with_golden() {
  if (!test::golden::present("renderer")) return;
  const test::golden g("renderer");
  const exec::serial e;
  auto m = golden_mlp<T, exec::serial>(g);
  const auto d = g.matrix<T>("d"), d_y = g.matrix<T>("gd");
  planned p(m, d.get().extent());
  m.forward(e, d.get(), p.output, p.workspace);
  const double tolerance = test::tolerance<T>::golden;
  CHECK(test::relative_difference(p.output, g.matrix("y").get()) < tolerance);

  buffer<T> d_x(d.get().rows);
  m.backward(e, d.get(), d_y.get(), d_x.get(), p.workspace);
  CHECK(test::relative_difference(d_x.get(), g.matrix("grad_d").get()) < tolerance);
  const auto expected = flat_golden(g, "g_");
  CHECK(test::relative_difference(m.parameters().gradient, column(expected)) < tolerance);
}

}  // namespace

TEST_CASE("the renderer is a component", "[render]") {
  const index_t n = 331;  // several shards, and a block that is not full
  const auto make = [](auto e) {
    return mlp<double, decltype(e)>(
        {.frequencies = 5, .width = 19, .hidden_layers = 2, .fourier_sigma = 0.7, .seed = 3});
  };
  test::component_suite(make, distances(n), {n, 1}, {.step = 1e-6});
}

TEST_CASE("the renderer with a sigmoid, one or three layers and more columns is a component", "[render]") {
  for (index_t layers : {1, 3}) {
    DYNAMIC_SECTION(layers << " hidden layers") {
      const auto make = [&](auto e) {
        return mlp<double, decltype(e)>({.frequencies = 12,
                                         .width = 8,
                                         .hidden_layers = layers,
                                         .fourier_sigma = 0.7,
                                         .output = output_kind::sigmoid});
      };
      test::component_suite(make, distances(2 * 70), {70, 2}, {.step = 1e-6});
    }
  }
}

TEST_CASE("the renderer agrees with the independent implementation", "[render][golden]") {
  SECTION("double") {
    compare_with_golden<double>();
  }
  SECTION("float") {
    compare_with_golden<float>();
  }
}

TEST_CASE("the gradient of the image loss in the parameters agrees with the independent implementation",
          "[render][golden]") {
  if (!test::golden::present("renderer") || !test::golden::present("loss_image")) return;
  const test::golden loss("loss_image"), distance("signed_distance");
  auto m = golden_mlp<double, exec::serial>(test::golden("renderer"));
  const auto d = distance.matrix("d"), target = loss.matrix("target"), mask = loss.matrix("mask");
  planned p(m, d.get().extent());
  m.forward({}, d.get(), p.output, p.workspace);
  CHECK(test::relative_difference(p.output, loss.matrix("y").get()) < test::tolerance<double>::golden);
  double inside = 0;
  for (double k : mask.get()) inside += k;
  for (index_t i = 0; i < p.output.rows; ++i)  // L_I = sum mask |y - I| / sum mask
    p.d_output[i] = mask.get()[i] / inside * (p.output[i] > target.get()[i] ? 1 : -1);
  m.backward({}, d.get(), p.d_output, {}, p.workspace);
  const auto expected = flat_golden(loss, "g_");
  CHECK(test::relative_difference(m.parameters().gradient, column(expected)) <
        test::tolerance<double>::golden);
}

TEST_CASE("the renderer in float agrees with double", "[render]") {
  const auto d = distances(500, 0.05);
  const auto in_float = as<float>(d);
  const auto in_double = as<double>(std::vector<double>(in_float.begin(), in_float.end()));
  const extent in{500, 1};
  mlp<float, exec::serial> f;
  mlp<double, exec::serial> g;
  planned pf(f, in);
  planned pg(g, in);
  f.forward({}, column(in_float), pf.output, pf.workspace);
  g.forward({}, column(in_double), pg.output, pg.workspace);
  CHECK(test::relative_difference(pf.output, pg.output) < test::tolerance<float>::golden);
  buffer<float> d_xf(500);
  buffer<double> d_xg(500);
  exec::serial{}.fill(pf.d_output, 1.0f);
  exec::serial{}.fill(pg.d_output, 1.0);
  f.backward({}, column(in_float), pf.d_output, d_xf.get(), pf.workspace);
  g.backward({}, column(in_double), pg.d_output, d_xg.get(), pg.workspace);
  CHECK(test::relative_difference(d_xf.get(), d_xg.get()) < test::tolerance<float>::golden);
  CHECK(test::relative_difference(f.parameters().gradient, g.parameters().gradient) <
        test::tolerance<float>::golden);
}

TEST_CASE("the initial parameters are bounded, centred, and determined by the seed", "[render]") {
  using M = mlp<double, exec::serial>;
  M a({.seed = 1}), b({.seed = 1}), c({.seed = 2});
  const auto values = [](M& m) {
    const auto v = m.parameters().value;
    return std::vector<double>(v.begin(), v.end());
  };
  REQUIRE(values(a) == values(b));
  REQUIRE(values(a) != values(c));
  const auto& s = a.layout();
  REQUIRE(a.parameters().value.rows == 64 * 64 + 3 * 64 + 64 * 64 + 3 * 64 + 64 + 1);
  for (index_t l = 0; l <= s.hidden_layers; ++l) {
    const double bound = 1 / std::sqrt(static_cast<double>(s.inputs(l)));
    const index_t count = s.outputs(l) * s.inputs(l);
    double largest = 0, sum = 0;
    for (index_t i = 0; i < count; ++i) {
      const double w = a.parameters().value[s.weight(l) + i];
      largest = std::max(largest, std::abs(w));
      sum += w;
    }
    REQUIRE(largest <= bound);
    REQUIRE(largest > 0.9 * bound);
    // The standard deviation of the mean of n uniform numbers in +-bound is bound / sqrt(3 n). The limit is
    // five of them.
    REQUIRE(std::abs(sum) / static_cast<double>(count) <
            5 * bound / std::sqrt(3 * static_cast<double>(count)));
  }
  for (index_t j = 0; j < s.width; ++j) {
    REQUIRE(a.parameters().value[s.gain(1) + j] == 1);
    REQUIRE(a.parameters().value[s.shift(1) + j] == 0);
  }
}

TEST_CASE("the appearance curve is the renderer at evenly spaced distances", "[render]") {
  const mlp<double, exec::serial> m;
  const auto curve = appearance_curve(m, {}, -1.0, 1.0, 5);
  const std::vector<double> d{-1, -0.5, 0, 0.5, 1};
  planned p(m, {5, 1});
  m.forward({}, column(d), p.output, p.workspace);
  REQUIRE(curve == std::vector<double>(p.output.begin(), p.output.end()));
  REQUIRE_THROWS_AS(appearance_curve(m, {}, -1.0, 1.0, 1), error);
}

TEST_CASE("the renderer refuses wrong shapes and sizes", "[render]") {
  mlp<float, exec::serial> m({.frequencies = 4});
  test::require_shape_error(m, {5, 0});
  REQUIRE_THROWS_WITH(m.set_frequencies(std::vector<float>(3)), "mlp: expected 4 frequencies, got 3");
  REQUIRE_THROWS_WITH((mlp<float, exec::serial>({.width = 0})), "mlp: expected width >= 1, got 0");
}
