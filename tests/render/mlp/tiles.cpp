// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The renderer by tiles of points, in an emulation of a GPU on the CPU: against the renderer by shards,
// against finite differences, and with several orders of the threads.
#include <algorithm>
#include <cmath>

#include "diffam/exec/serial.hpp"
#include "support/catch.hpp"
#include "support/emulated.hpp"
#include "support/golden.hpp"
#include "support/renderers.hpp"
#include "support/run_once.hpp"
#include "support/tolerance.hpp"

using namespace diffam;
using test::emulated;
using test::renderer;
using test::thread_order;

namespace {

std::vector<double> distances(index_t n) {
  std::vector<double> d = check::detail::random_vector(n, 11, 0);
  for (double& x : d) x *= 0.5;
  return d;
}

double difference(const std::vector<double>& found, const std::vector<double>& expected) {
  const auto n = static_cast<index_t>(found.size());
  REQUIRE(found.size() == expected.size());
  return test::relative_difference(view<const double>(found.data(), n),
                                   view<const double>(expected.data(), n));
}

bool by_tiles(const mlp_params& p, index_t n) {
  const auto m = renderer<double, emulated>(p);
  arena measuring;
  return m.plan(measuring, {n, 1}).tiles.used;
}

const mlp_params layouts[] = {
    {.frequencies = 5, .width = 19, .hidden_layers = 2, .fourier_sigma = 0.7, .seed = 3},
    {.frequencies = 12, .width = 8, .hidden_layers = 1, .fourier_sigma = 0.7, .output = output_kind::sigmoid},
    {.frequencies = 1, .width = 33, .hidden_layers = 3, .fourier_sigma = 0.7},
    {.frequencies = 32, .width = 64, .hidden_layers = 1, .fourier_sigma = 0.7},
    {.fourier_sigma = 0.7},
};

}  // namespace

TEST_CASE("the renderer by tiles agrees with the renderer by shards", "[render][tiles]") {
  for (const mlp_params& p : layouts)
    for (const index_t n : {index_t{1}, index_t{32}, index_t{33}, index_t{331}}) {
      CAPTURE(p.frequencies, p.width, p.hidden_layers, n);
      REQUIRE(by_tiles(p, n));
      const auto x = distances(2 * n);
      const auto expected = test::run_once(renderer<double, exec::serial>(p), exec::serial{}, x, {n, 2});
      const auto found = test::run_once(renderer<double, emulated>(p), emulated{}, x, {n, 2});
      REQUIRE(difference(found, expected) < test::tolerance<double>::device);
    }
}

TEST_CASE("thread blocks with several tiles sum their gradients", "[render][tiles]") {
  const mlp_params p{.frequencies = 3, .width = 6, .hidden_layers = 1, .fourier_sigma = 0.7};
  const index_t n = 32 * (detail::mlp_tile_blocks + 7) + 5;
  const auto x = distances(n);
  const auto expected = test::run_once(renderer<double, exec::serial>(p), exec::serial{}, x, {n, 1});
  const auto found = test::run_once(renderer<double, emulated>(p), emulated{}, x, {n, 1});
  REQUIRE(difference(found, expected) < test::tolerance<double>::device);
}

TEST_CASE("the order of the threads of a block does not change the results", "[render][tiles]") {
  const index_t n = 131;
  const auto x = distances(n);
  for (const mlp_params& p : layouts) {
    CAPTURE(p.frequencies, p.width, p.hidden_layers);
    const auto expected = test::run_once(renderer<double, emulated>(p), emulated{}, x, {n, 1});
    for (const thread_order order : {thread_order::backward, thread_order::strided})
      REQUIRE(test::run_once(renderer<double, emulated>(p), emulated{order}, x, {n, 1}) == expected);
  }
}

TEST_CASE("the gradients by tiles agree with finite differences", "[render][tiles]") {
  const index_t n = 70;
  for (const mlp_params& p : {layouts[0], layouts[1], layouts[2]}) {
    CAPTURE(p.frequencies, p.width, p.hidden_layers);
    auto m = renderer<double, emulated>(p);
    const auto report = check::gradients(m, emulated{}, distances(n), {n, 1},
                                         {.step = 1e-6, .tolerance = test::tolerance<double>::gradient});
    INFO(report.message());
    REQUIRE(report.ok());
  }
}

TEST_CASE("a gain of zero causes no division by zero in the renderer by tiles", "[render][tiles]") {
  const index_t n = 40;
  const auto x = distances(n);
  const auto make = [](auto e) {
    auto m = renderer<double, decltype(e)>(layouts[0]);
    const auto value = m.parameters().value;
    std::vector<double> flat(value.begin(), value.end());
    for (index_t k = 0; k < 5; ++k) flat[static_cast<std::size_t>(m.layout().gain(0) + k)] = 0;
    m.set_parameters(flat);
    return m;
  };
  const auto expected = test::run_once(make(exec::serial{}), exec::serial{}, x, {n, 1});
  REQUIRE(difference(test::run_once(make(emulated{}), emulated{}, x, {n, 1}), expected) <
          test::tolerance<double>::device);
}

TEST_CASE("the renderer by tiles in float agrees with double", "[render][tiles]") {
  const index_t n = 500;
  std::vector<double> x = distances(n);
  for (double& d : x) d = static_cast<float>(d);
  const auto in_double = test::run_once(mlp<double, emulated>(layouts[4]), emulated{}, x, {n, 1});
  const auto in_float = test::run_once(mlp<float, emulated>(layouts[4]), emulated{}, x, {n, 1});
  REQUIRE(difference(in_float, in_double) < test::tolerance<float>::golden);
}

TEST_CASE("layouts that do not fit a tile run by shards", "[render][tiles]") {
  const index_t n = 50;
  const auto x = distances(n);
  for (const mlp_params& p : {mlp_params{.frequencies = 4, .width = 65, .fourier_sigma = 0.7},
                              mlp_params{.frequencies = 33, .width = 8, .fourier_sigma = 0.7},
                              mlp_params{.frequencies = 4, .width = 8, .hidden_layers = 9}}) {
    REQUIRE_FALSE(by_tiles(p, n));
    const auto expected = test::run_once(renderer<double, exec::serial>(p), exec::serial{}, x, {n, 1});
    REQUIRE(test::run_once(renderer<double, emulated>(p), emulated{}, x, {n, 1}) == expected);
  }
}
