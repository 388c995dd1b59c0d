// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The image part of a fit: blur, resampling, lookups, and a whole normal loss on five meshes of the size of a
// vertebra with 10,000 samples, in a crop of 120 x 100 x 220 voxels at 1 mm. One thread unless the name says
// otherwise.
#include <benchmark/benchmark.h>

#include "diffam/core/random.hpp"
#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/image/resample.hpp"
#include "diffam/image/scale_space.hpp"
#include "diffam/loss/normal.hpp"
#include "diffam/mesh/mesh_stack.hpp"
#include "diffam/mesh/primitives.hpp"

namespace {

using namespace diffam;
using serial = exec::serial;

constexpr index_t sample_count = 10000;

volume<float> random_volume(const vec<index_t, 3>& size, double spacing = 1) {
  grid g;
  g.size = size;
  for (int a = 0; a < 3; ++a) {
    g.axes(a, a) = spacing;
    g.origin[a] = -0.5 * spacing * static_cast<double>(size[a] - 1);
  }
  volume<float> v(g);
  for (std::size_t i = 0; i < v.voxels.size(); ++i)
    v.voxels[i] = unit_interval<float>(random_words(1, random_stream::test, 0, i)[0]);
  return v;
}

const scale_space<float, serial>& crop_space() {
  static const scale_space<float, serial> space(serial{}, fully_measured(random_volume({120, 100, 220})));
  return space;
}

/// The clock after a third of a run, where two levels are blended.
const clock_state* running_clock() {
  static const iteration_clock<serial> clock(300, 100);
  return clock.state();
}

template <class Exec>
void blur_256(benchmark::State& state) {
  const Exec e;
  volume<float> v = random_volume({256, 256, 256});
  const double t = 2.56 * 2.56;
  for (auto _ : state) blur_voxels(e, v.voxels, v.geometry.size, {t, t, t});
}
BENCHMARK(blur_256<serial>)->Unit(benchmark::kMillisecond);
BENCHMARK(blur_256<exec::threads>)->Unit(benchmark::kMillisecond)->UseRealTime();

void nine_levels(benchmark::State& state) {
  const auto v = random_volume({120, 100, 220});
  for (auto _ : state) benchmark::DoNotOptimize(scale_space<float, serial>(serial{}, fully_measured(v)));
}
BENCHMARK(nine_levels)->Unit(benchmark::kMillisecond);

void resample_fine_to_1_mm(benchmark::State& state) {
  const auto v = random_volume({300, 260, 200}, 0.4);
  const grid target = isotropic_grid(v.geometry, 1.0);
  for (auto _ : state) benchmark::DoNotOptimize(resample(serial{}, v, target));
}
BENCHMARK(resample_fine_to_1_mm)->Unit(benchmark::kMillisecond);

/// Points like those of a fit: in the middle of the crop, in random order.
buffer<float> random_points() {
  buffer<float> p(sample_count, 3);
  for (index_t i = 0; i < sample_count; ++i) {
    const auto w = random_words(2, random_stream::test, 0, static_cast<std::uint64_t>(i));
    for (int a = 0; a < 3; ++a) p.get()(i, a) = (unit_interval<float>(w[a]) - 0.5f) * (a == 2 ? 3.0f : 1.4f);
  }
  return p;
}

template <class Look>
void per_point(benchmark::State& state, const Look& look) {
  const auto points = random_points();
  const auto image = crop_space().sampler(state.range(0) != 0 ? running_clock() : nullptr);
  for (auto _ : state)
    for (index_t i = 0; i < sample_count; ++i) benchmark::DoNotOptimize(look(image, load3(points.get(), i)));
  state.counters["time_per_point"] =
      benchmark::Counter(static_cast<double>(sample_count),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void lookup_value(benchmark::State& state) {
  per_point(state, [](const auto& image, const auto& p) { return image.value(p); });
}
void lookup_gradient(benchmark::State& state) {
  per_point(state, [](const auto& image, const auto& p) { return image.gradient(p); });
}
void lookup_jet(benchmark::State& state) {
  per_point(state, [](const auto& image, const auto& p) { return image.jet(p); });
}
BENCHMARK(lookup_value)->ArgName("blended")->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);
BENCHMARK(lookup_gradient)->ArgName("blended")->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);
BENCHMARK(lookup_jet)->ArgName("blended")->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

/// Forward and backward for five meshes of 5,800 faces along z.
template <class Exec, class Normals>
void normal_loss_step(benchmark::State& state) {
  const Exec e;
  std::vector<triangle_mesh<double>> meshes;
  for (int m = 0; m < 5; ++m) {
    meshes.push_back(make_torus(0.35, 0.15, 76, 38));
    for (auto& v : meshes.back().vertices) v[2] += 0.6 * (m - 2);
  }
  const mesh_stack stack = stack_meshes(meshes);
  const auto vertices = stacked_vertices<float>(meshes);
  using samples = drawn_surface_samples<float, Exec>;
  const normal_loss<float, Exec, Normals, samples> loss(
      stack.faces, stack.vertex_count(), samples(stack.faces, running_clock(), {.count = sample_count}),
      crop_space().sampler(running_clock()));
  planned p(loss, vertices.get().extent());
  buffer<float> d_vertices(vertices.get().rows, 3);
  e.fill(p.d_output, 1.0f);
  for (auto _ : state) {
    loss.forward(e, vertices.get(), p.output, p.workspace);
    loss.backward(e, vertices.get(), p.d_output, d_vertices.get(), p.workspace);
  }
}
BENCHMARK(normal_loss_step<serial, face_normals>)->Unit(benchmark::kMicrosecond);
BENCHMARK(normal_loss_step<serial, smooth_normals>)->Unit(benchmark::kMicrosecond);
BENCHMARK(normal_loss_step<exec::threads, smooth_normals>)->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace
