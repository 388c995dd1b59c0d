// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The renderers and their optimizer on one thread: 10,000 points, 32 frequencies, 2 hidden layers of 64
// units, and tables of default size. benchmarks/torch_mlp.py is the baseline; it prints the ratios if it gets
// the path of this program.
#include "diffam/render/table.hpp"
#include "diffam/render/tabulated.hpp"

#include <benchmark/benchmark.h>

#include "diffam/exec/serial.hpp"
#include "diffam/optim/adam.hpp"
#include "lap_times.hpp"

namespace {

using namespace diffam;
using E = exec::serial;

constexpr index_t points = 10000;

template <class F>
struct render_case {
  using T = typename F::scalar;
  F f;
  planned<F> p{f, {points, 1}};
  buffer<T> x{points}, d_x{points};
  optim::adam<T, E> rule{{.rate = 1e-2}};
  iteration_clock<E> clock{1000};
  buffer<std::byte> memory;
  typename optim::adam<T, E>::state state;

  render_case() {
    for (index_t i = 0; i < points; ++i) {
      const auto word = random_words(1, random_stream::test, 0, static_cast<std::uint64_t>(i))[0];
      x.data()[i] = T(0.3) * unit_interval<T>(word) - T(0.15);  // within 9.6 mm of the surface
    }
    E{}.fill(p.d_output, T(1) / T(points));
    arena measuring;
    (void)rule.plan(measuring, f.parameters().value.extent());
    memory = buffer<std::byte>(measuring.used());
    arena hands(memory.data(), measuring.used());
    state = rule.plan(hands, f.parameters().value.extent());
  }
  void forward() { f.forward({}, x.get(), p.output, p.workspace); }
  void backward() {
    E{}.fill(f.parameters().gradient, T(0));
    f.backward({}, x.get(), p.d_output, d_x.get(), p.workspace);
  }
  void step() { rule.step({}, f.parameters(), state, clock.state()); }
};

template <class F>
void render_forward(benchmark::State& state) {
  render_case<F> c;
  bench::time_steps(state, [&] { c.forward(); });
}

template <class F>
void render_forward_backward(benchmark::State& state) {
  render_case<F> c;
  bench::time_steps(state, [&] {
    c.forward();
    c.backward();
  });
}

template <class F>
void render_step(benchmark::State& state) {
  render_case<F> c;
  bench::time_steps(state, [&] {
    c.forward();
    c.backward();
    c.step();
  });
}

template <class T>
using linear_table = table<T, E, linear_interpolation>;

#define DIFFAM_RENDERER(type, name)                                                                \
  BENCHMARK(render_forward<type>)->Name("render/" name "/forward")->Unit(benchmark::kMillisecond); \
  BENCHMARK(render_forward_backward<type>)                                                         \
      ->Name("render/" name "/forward_backward")                                                   \
      ->Unit(benchmark::kMillisecond);                                                             \
  BENCHMARK(render_step<type>)->Name("render/" name "/step")->Unit(benchmark::kMillisecond)
using exact = mlp<float, E>;
using exact_double = mlp<double, E>;
using on_grid = tabulated<float, E>;
using nodes = table<float, E>;
DIFFAM_RENDERER(exact, "exact");
DIFFAM_RENDERER(on_grid, "tabulated");
DIFFAM_RENDERER(nodes, "table");
DIFFAM_RENDERER(linear_table<float>, "table_linear");
DIFFAM_RENDERER(exact_double, "exact_double");
#undef DIFFAM_RENDERER

}  // namespace
