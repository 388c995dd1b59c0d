// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The renderer and its optimizer, one thread: 10,000 points, 32 frequencies, 64 wide, 2 hidden layers.
// benchmarks/torch_mlp.py is the baseline.
#include "diffam/render/mlp.hpp"

#include <benchmark/benchmark.h>

#include "diffam/exec/serial.hpp"
#include "diffam/optim/adam.hpp"

namespace {

using namespace diffam;
using E = exec::serial;

constexpr index_t points = 10000;

template <class T>
struct render_case {
  mlp<T, E> f;
  planned<mlp<T, E>> p{f, {points, 1}};
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

template <class T>
void render_forward(benchmark::State& state) {
  render_case<T> c;
  for (auto _ : state) c.forward();
}

template <class T>
void render_forward_backward(benchmark::State& state) {
  render_case<T> c;
  for (auto _ : state) {
    c.forward();
    c.backward();
  }
  // Multiply-adds: forward once, backward twice over two 64 x 64 layers and a 64 x 1 one.
  const double operations = 2.0 * points * 3 * (2 * 64 * 64 + 64);
  state.counters["GFLOP/s"] =
      benchmark::Counter(1e-9 * operations, benchmark::Counter::kIsIterationInvariantRate);
}

template <class T>
void render_step(benchmark::State& state) {
  render_case<T> c;
  for (auto _ : state) {
    c.forward();
    c.backward();
    c.step();
  }
}

template <class T>
void render_adam(benchmark::State& state) {
  render_case<T> c;
  c.forward();
  c.backward();
  for (auto _ : state) c.step();
}

BENCHMARK(render_forward<float>)->Unit(benchmark::kMillisecond);
BENCHMARK(render_forward_backward<float>)->Unit(benchmark::kMillisecond);
BENCHMARK(render_adam<float>)->Unit(benchmark::kMillisecond);
BENCHMARK(render_step<float>)->Unit(benchmark::kMillisecond);
BENCHMARK(render_step<double>)->Unit(benchmark::kMillisecond);

}  // namespace
