// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// One iteration of the spine fit (fit_case.hpp) in float, whole and part by part. One thread unless the name
// says otherwise. The parts add up to the whole, except that `scene_forward` already contains `tree_refit`.
// scripts/benchmark compares the whole with the MLP step of PyTorch.
#include "fit_case.hpp"

#include "diffam/exec/threads.hpp"
#include "lap_times.hpp"

namespace {

using namespace diffam;
using namespace diffam::bench;

template <class Exec>
void whole(benchmark::State& state, running_fit<Exec>& f, const spine::fit_options& o, int threads) {
  f.go_back();
  time_steps(
      state, [&] { f.fit.step(); }, threads);
  state.counters["faces"] = static_cast<double>(fit_template().face_count());
  state.counters["samples"] = static_cast<double>(o.samples);
  state.counters["vertebrae"] = static_cast<double>(f.fit.vertebra_count());
}
void whole_serial(benchmark::State& state) {
  whole(state, serial_fit(), fit_settings(), 1);
}
void whole_2_threads(benchmark::State& state) {
  static running_fit<exec::threads> f{exec::threads(2)};
  whole(state, f, fit_settings(), 2);
}

/// The settings of `diffam fit` without a preset, on the same vertebrae.
void whole_default(benchmark::State& state) {
  static running_fit<serial> f{serial{}, spine::default_preset()};
  whole(state, f, spine::default_preset(), 1);
}
void whole_default_2_threads(benchmark::State& state) {
  static running_fit<exec::threads> f{exec::threads(2), spine::default_preset()};
  whole(state, f, spine::default_preset(), 2);
}

#define DIFFAM_WHOLE(function, name) \
  BENCHMARK(function)->Name("iteration/" name)->Iterations(60)->Unit(benchmark::kMillisecond)
DIFFAM_WHOLE(whole_serial, "whole");
DIFFAM_WHOLE(whole_2_threads, "whole_2_threads")->UseRealTime();
DIFFAM_WHOLE(whole_default, "whole_default");
DIFFAM_WHOLE(whole_default_2_threads, "whole_default_2_threads")->UseRealTime();
#undef DIFFAM_WHOLE

/// The parts, after one forward pass, so that every part has its input.
objective_parts& all_parts() {
  static objective_parts a;
  static const bool ready = [] {
    a.scene.forward(a.vertices.get());
    a.renderer.forward(a.scene.memory.output);
    a.image.forward(a.renderer.memory.output);
    return true;
  }();
  (void)ready;
  return a;
}

template <class C>
void forward_backward(benchmark::State& state, part<C>& p, view<const float> x) {
  time_steps(state, [&] {
    p.forward(x);
    p.backward(x);
  });
}

void draw_samples(benchmark::State& state) {
  auto& a = all_parts();
  time_steps(state, [&] { a.cloud.draw({}, a.vertices.get()); });
}
void tree_refit(benchmark::State& state) {
  auto& a = all_parts();
  auto& scene = a.scene;
  time_steps(state, [&] { scene.component.tree().refit({}, a.vertices.get(), scene.memory.workspace.tree); });
}
void scene_forward(benchmark::State& state) {
  auto& a = all_parts();
  time_steps(state, [&] { a.scene.forward(a.vertices.get()); });
}
void scene_backward(benchmark::State& state) {
  auto& a = all_parts();
  time_steps(state, [&] { a.scene.backward(a.vertices.get()); });
}
void mlp_forward(benchmark::State& state) {
  auto& a = all_parts();
  time_steps(state, [&] { a.renderer.forward(a.scene.memory.output); });
}
void mlp_backward(benchmark::State& state) {
  auto& a = all_parts();
  time_steps(state, [&] {
    serial{}.fill(a.renderer.component.parameters().gradient, 0.0f);
    a.renderer.backward(a.scene.memory.output);
  });
}
void spectral(benchmark::State& state) {
  forward_backward(state, all_parts().map, all_parts().unknowns.parameters().value);
}
void edge(benchmark::State& state) {
  forward_backward(state, all_parts().edge, all_parts().vertices.get());
}
void normal(benchmark::State& state) {
  forward_backward(state, all_parts().normal, all_parts().vertices.get());
}
void image_target(benchmark::State& state) {
  forward_backward(state, all_parts().image, all_parts().renderer.memory.output);
}
void overlap(benchmark::State& state) {
  forward_backward(state, all_parts().overlap, all_parts().scene.memory.output);
}
void variance(benchmark::State& state) {
  forward_backward(state, all_parts().variance, all_parts().unknowns.parameters().value);
}

/// The update rules of the fit on parameter blocks of the sizes of the fit.
void optimizer(benchmark::State& state) {
  auto& a = all_parts();
  const auto steps = a.parts.steps();
  const auto rules = a.parts.rule(steps);
  // Copies, so that the other parts keep their values.
  auto unknowns = a.parts.unknowns();
  auto renderer = a.parts.renderer();
  const std::vector<parameter_block<float>> blocks{unknowns.parameters(), renderer.parameters()};
  std::vector<extent> extents;
  for (const auto& b : blocks) {
    extents.push_back(b.value.extent());
    serial{}.fill(b.gradient, 1e-3f);
  }
  arena measuring;
  (void)rules.plan(measuring, extents);
  buffer<std::byte> block(measuring.used());
  arena memory(block.data(), measuring.used());
  auto moments = rules.plan(memory, extents);
  time_steps(state, [&] {
    rules.step({}, std::span<const parameter_block<float>>(blocks), moments, a.clock.state());
  });
}

#define DIFFAM_PART(function, name) \
  BENCHMARK(function)->Name("iteration/" name)->Unit(benchmark::kMillisecond)
DIFFAM_PART(spectral, "spectral_map");
DIFFAM_PART(draw_samples, "draw_samples");
DIFFAM_PART(tree_refit, "tree_refit");
DIFFAM_PART(scene_forward, "scene_forward");
DIFFAM_PART(scene_backward, "scene_backward");
DIFFAM_PART(mlp_forward, "mlp_forward");
DIFFAM_PART(mlp_backward, "mlp_backward");
DIFFAM_PART(image_target, "image_target");
DIFFAM_PART(normal, "normal_loss");
DIFFAM_PART(edge, "edge_loss");
DIFFAM_PART(overlap, "overlap_loss");
DIFFAM_PART(variance, "variance_loss");
DIFFAM_PART(optimizer, "optimizer");
#undef DIFFAM_PART

}  // namespace
