// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The first layer of the renderer at nodes instead of at points: the nodes against closed forms, and many
// points at once against two points at a time, for which no nodes are used.
#include "diffam/render/mlp/nodes.hpp"

#include <algorithm>
#include <cmath>

#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "support/renderers.hpp"
#include "support/run_once.hpp"
#include "support/tolerance.hpp"

using namespace diffam;
using test::renderer;

namespace {

using nodes_of_double = detail::mlp_nodes<double>;

/// The greatest error in the interval, for the wave of the highest frequency and for one of a third of it.
double interpolation_error(const nodes_of_double& nodes, double low, double high, double bandwidth) {
  double worst = 0;
  for (const double frequency : {bandwidth, bandwidth / 3})
    for (int i = 0; i <= 40; ++i) {
      double d[8], polynomial[nodes_of_double::most * 8];
      std::fill(d, d + 8, low + (high - low) * i / 40);
      nodes.polynomials<8>(d, polynomial, 8);
      sine_cosine<double> sum{0, 0};
      for (int p = 0; p < nodes.count; ++p) {
        const auto at = fourier_value(frequency, nodes.at[p]);
        sum.sine += polynomial[p * 8] * at.sine;
        sum.cosine += polynomial[p * 8] * at.cosine;
      }
      const auto exact = fourier_value(frequency, d[0]);
      worst = std::max({worst, std::abs(sum.sine - exact.sine), std::abs(sum.cosine - exact.cosine)});
    }
  return worst;
}

std::vector<double> distances(index_t n, double within) {
  std::vector<double> d = check::detail::random_vector(n, 11, 0);
  for (double& x : d) x = static_cast<float>(within * x);  // exact in float
  return d;
}

/// The output, then the gradients of the distances and of the parameters, of sum y + y^2 / 2. The points are
/// processed `step` at a time.
template <class T, class Exec = exec::serial>
std::vector<double> in_steps(mlp<T, Exec> m, const std::vector<double>& d, index_t step) {
  const index_t n = static_cast<index_t>(d.size());
  std::vector<double> y, d_x;
  for (index_t i = 0; i < n; i += step) {
    const index_t count = std::min(step, n - i);
    std::vector<T> x;
    for (index_t k = 0; k < count; ++k) x.push_back(static_cast<T>(d[static_cast<std::size_t>(i + k)]));
    const view<const T> in(x.data(), count, 1);
    planned p(m, in.extent());
    buffer<T> to(count);
    exec::serial{}.fill(to.get(), T(0));
    m.forward({}, in, p.output, p.workspace);
    for (index_t k = 0; k < count; ++k) p.d_output[k] = 1 + p.output[k];
    m.backward({}, in, p.d_output, to.get(), p.workspace);
    for (index_t k = 0; k < count; ++k)
      y.push_back(static_cast<double>(p.output[k])), d_x.push_back(to.get()[k]);
  }
  y.insert(y.end(), d_x.begin(), d_x.end());
  for (const T g : m.parameters().gradient) y.push_back(static_cast<double>(g));
  return y;
}

/// The greatest relative difference of the three parts, each by itself, because their magnitudes are
/// unrelated.
double difference(const std::vector<double>& found, const std::vector<double>& expected, std::size_t n) {
  REQUIRE(found.size() == expected.size());
  double worst = 0;
  const std::size_t ends[] = {0, n, 2 * n, found.size()};
  for (int part = 0; part < 3; ++part) {
    const auto cut = [&](const std::vector<double>& v) {
      return std::vector<double>(v.begin() + static_cast<std::ptrdiff_t>(ends[part]),
                                 v.begin() + static_cast<std::ptrdiff_t>(ends[part + 1]));
    };
    worst = std::max(worst, test::relative_difference(cut(found), cut(expected)));
  }
  return worst;
}

const mlp_params layouts[] = {
    {},
    {.frequencies = 5, .width = 19, .hidden_layers = 3, .seed = 3},
    {.frequencies = 40, .width = 33, .hidden_layers = 1, .output = output_kind::sigmoid},
    {.frequencies = 4, .width = 100, .hidden_layers = 2},
};

}  // namespace

TEST_CASE("nodes reproduce a wave up to rounding", "[render][nodes]") {
  const double bandwidth = 30;
  int last = 0;
  for (const double half : {0.0, 1e-9, 1e-5, 1e-3, 3e-3, 5e-3, 6e-3}) {
    const double low = 0.4 - half, high = 0.4 + half;
    const auto nodes = nodes_of_double::of(low, high, bandwidth, 16);
    CAPTURE(half, nodes.count);
    REQUIRE(nodes.count > 0);
    REQUIRE(nodes.count >= last);  // a wider interval needs at least as many
    last = nodes.count;
    REQUIRE(interpolation_error(nodes, low, high, bandwidth) < test::tolerance<double>::formula);
  }
  REQUIRE(last > 8);
}

TEST_CASE("an interval that is too wide has no nodes", "[render][nodes]") {
  REQUIRE(nodes_of_double::of(-1, 1, 30, 16).count == 0);
  REQUIRE(nodes_of_double::of(0.1, 0.11, 30, 4).count == 0);
  REQUIRE(nodes_of_double::of(0.1, std::nan(""), 30, 16).count == 0);
  REQUIRE(nodes_of_double::of(0, std::numeric_limits<double>::infinity(), 30, 16).count == 0);
}

TEST_CASE("equal distances have one node", "[render][nodes]") {
  for (const double d : {0.0, -0.3}) {
    const auto nodes = nodes_of_double::of(d, d, d == 0 ? 30 : 1e-9, 16);
    REQUIRE(nodes.count == 1);
    REQUIRE(interpolation_error(nodes, d, d, 1e-9) == 0);
  }
}

TEST_CASE("the renderer of many points at once agrees with two points at a time", "[render][nodes]") {
  const index_t n = 1000;
  for (const mlp_params& p : layouts)
    for (const double within : {0.0, 0.02, 0.15, 0.6}) {
      CAPTURE(p.frequencies, p.width, p.hidden_layers, within);
      const auto d = distances(n, within);
      const auto together = in_steps(renderer<double, exec::serial>(p), d, n);
      const auto apart = in_steps(renderer<double, exec::serial>(p), d, 2);
      REQUIRE(difference(together, apart, static_cast<std::size_t>(n)) < test::tolerance<double>::device);
      const auto in_float = in_steps(renderer<float, exec::serial>(p), d, n);
      REQUIRE(difference(in_float, apart, static_cast<std::size_t>(n)) < test::tolerance<float>::golden);
    }
}

TEST_CASE("the gradients of the renderer with nodes agree with finite differences", "[render][nodes]") {
  for (mlp_params p : {layouts[1], layouts[2]}) {
    p.fourier_sigma = 0.7;  // frequencies low enough for finite differences
    CAPTURE(p.frequencies, p.width, p.hidden_layers);
    auto m = renderer<double, exec::serial>(p);
    const index_t n = 96;
    const auto report = check::gradients(m, exec::serial{}, distances(n, 0.1), {n, 1},
                                         {.step = 4e-6, .tolerance = test::tolerance<double>::gradient});
    INFO(report.message());
    REQUIRE(report.ok());
  }
}

TEST_CASE("a distance that is not finite affects its own point only", "[render][nodes]") {
  const auto m = renderer<double, exec::serial>({});
  auto d = distances(200, 0.05);
  const auto value = [&](const std::vector<double>& x) {
    planned p(m, {200, 1});
    m.forward({}, view<const double>(x.data(), 200, 1), p.output, p.workspace);
    return std::vector<double>(p.output.begin(), p.output.end());
  };
  const auto expected = value(d);
  for (const double bad : {std::nan(""), -std::nan(""), std::numeric_limits<double>::infinity()}) {
    d[77] = bad;
    auto found = value(d);
    found[77] = expected[77];
    REQUIRE(test::relative_difference(found, expected) < test::tolerance<double>::device);
  }
}
