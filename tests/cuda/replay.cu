// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A replayed iteration does the same as a direct one, with schedules that change over time.
#include "diffam/solve/replay.cuh"

#include "diffam/component/pipeline.hpp"
#include "diffam/loss/edge.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/optim/vector_adam.hpp"
#include "diffam/shape/coefficients.hpp"
#include "support/catch.hpp"

using namespace diffam;

namespace {

using rule = optim::vector_adam<double, exec::cuda, optim::cosine<double>>;

/// Shortens the edges of a sphere for `iterations` steps and returns the saved state. `step(solver)` makes
/// the steps.
template <class Step>
std::vector<std::byte> shortened(const exec::cuda& e, std::uint64_t iterations, Step&& step) {
  const auto mesh = make_icosphere(2, 1.0);
  const auto start = vertex_buffer<double>(mesh);
  auto model = pipeline(coefficients<double, exec::cuda>(start.get()),
                        edge_loss<double, exec::cuda>(mesh.faces, mesh.vertex_count()));
  iteration_clock<exec::cuda> clock(iterations);
  solver<decltype(model), rule> s(model, rule({.rate = 0.01}), e, clock);
  step(s);
  REQUIRE(s.done());
  REQUIRE(clock.get().iteration == iterations);
  return s.save();
}

}  // namespace

TEST_CASE("replayed iterations write the bits of direct iterations", "[cuda][graph]") {
  const exec::cuda_stream stream;
  const exec::cuda e{stream.get()};
  const auto direct = shortened(e, 20, [](auto& s) {
    while (!s.done()) s.step();
  });
  const auto fast = shortened(e, 20, [&](auto& s) {
    replayed again(s, e);
    while (!s.done()) again.step();
  });
  REQUIRE(direct == fast);
}
