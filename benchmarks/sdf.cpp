// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Distance queries on one thread: tree build, refit, closest face, sign, and a whole scene. The mesh is a
// torus, with 10,000 points around its surface at 9.6 mm noise. The most important figure is
// `time_per_query`.
#include <benchmark/benchmark.h>

#include "diffam/exec/serial.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/sdf/scene_distance.hpp"

namespace {

using namespace diffam;
using serial = exec::serial;

constexpr index_t point_count = 10000;

/// A torus of about the size of a vertebra, in units of 64 mm.
triangle_mesh<double> torus(index_t faces) {
  const auto rings = static_cast<int>(std::lround(std::sqrt(static_cast<double>(faces))));
  return make_torus(0.4, 0.2, rings, rings / 2);
}

/// A torus and 10,000 points around it.
template <class T>
struct scene {
  triangle_mesh<double> mesh;
  buffer<T> vertices;
  surface_cloud<T, serial> cloud;
  face_tree<T, serial> tree;
  buffer<std::byte> block;
  tree_storage<T> storage;

  explicit scene(index_t faces, bool rebuild = true)
      : mesh(torus(faces)),
        vertices(vertex_buffer<T>(mesh)),
        cloud(mesh.faces, {.count = point_count}),
        tree(mesh.faces, mesh.vertex_count()) {
    if (rebuild) tree.rebuild(vertices.get());
    arena measuring;
    (void)tree.plan(measuring);
    block = buffer<std::byte>(measuring.used());
    arena memory(block.data(), measuring.used());
    storage = tree.plan(memory);
    tree.refit({}, vertices.get(), storage);
    cloud.draw({}, vertices.get());
  }
  tree_view<T> queries() const { return tree.queries(storage, vertices.get()); }
};

void per_query(benchmark::State& state, index_t queries) {
  state.counters["time_per_query"] =
      benchmark::Counter(static_cast<double>(queries),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void sdf_build_from_connectivity(benchmark::State& state) {
  const scene<float> s(state.range(0));
  for (auto _ : state) {
    face_tree<float, serial> tree(s.mesh.faces, s.mesh.vertex_count());
    benchmark::DoNotOptimize(tree);
  }
}
void sdf_rebuild(benchmark::State& state) {
  scene<float> s(state.range(0));
  for (auto _ : state) s.tree.rebuild(s.vertices.get());
}
void sdf_refit(benchmark::State& state) {
  const scene<float> s(state.range(0));
  for (auto _ : state) s.tree.refit({}, s.vertices.get(), s.storage);
}

template <class T>
void closest(benchmark::State& state, bool rebuild, bool hints) {
  const scene<T> s(state.range(0), rebuild);
  const auto queries = s.queries();
  std::vector<stored_index> hint(point_count, -1);
  for (index_t i = 0; hints && i < point_count; ++i)
    hint[static_cast<std::size_t>(i)] = nearest_in_mesh(queries, 0, load3(s.cloud.points(), i)).face;
  for (auto _ : state)
    for (index_t i = 0; i < point_count; ++i)
      benchmark::DoNotOptimize(
          nearest_in_mesh(queries, 0, load3(s.cloud.points(), i), hint[static_cast<std::size_t>(i)]));
  per_query(state, point_count);
}
void sdf_closest(benchmark::State& state) {
  closest<float>(state, true, false);
}
void sdf_closest_from_previous(benchmark::State& state) {
  closest<float>(state, true, true);
}
void sdf_closest_order_from_connectivity(benchmark::State& state) {
  closest<float>(state, false, false);
}
void sdf_closest_double(benchmark::State& state) {
  closest<double>(state, true, false);
}
void sdf_closest_brute_force(benchmark::State& state) {
  const scene<float> s(state.range(0));
  const auto queries = s.queries();
  constexpr index_t few = 100;
  for (auto _ : state)
    for (index_t i = 0; i < few; ++i)
      benchmark::DoNotOptimize(nearest_by_brute_force(
          queries, 0, static_cast<stored_index>(s.tree.face_count()), load3(s.cloud.points(), i)));
  per_query(state, few);
}

template <class Sign>
void sdf_sign(benchmark::State& state) {
  const scene<float> s(state.range(0));
  const auto queries = s.queries();
  const index_t few = std::is_same_v<Sign, exact_winding> ? 100 : point_count;
  for (auto _ : state)
    for (index_t i = 0; i < few; ++i) {
      const auto p = load3(s.cloud.points(), i);
      benchmark::DoNotOptimize(queries.box_contains(0, p) && Sign{}.inside(queries, 0, p));
    }
  per_query(state, few);
}

/// Five tori in a row, as long as a lumbar spine. One step draws points, refits the tree, and computes
/// distances and gradients.
void sdf_scene_step(benchmark::State& state) {
  constexpr index_t meshes = 5;
  const scene<float> s(state.range(0));
  const mesh_stack stack = stack_copies(s.mesh.faces, s.mesh.vertex_count(), meshes);
  buffer<float> x(stack.vertex_count(), 3), d_x(stack.vertex_count(), 3);
  for (index_t m = 0; m < meshes; ++m)
    for (index_t v = 0; v < s.mesh.vertex_count(); ++v)
      store3(x.get(), m * s.mesh.vertex_count() + v,
             load3(s.vertices.get(), v) + vec3<float>{0, 0, 0.5f * static_cast<float>(m)});
  using distance = scene_distance<float, serial, barnes_hut_winding, surface_cloud<float, serial>>;
  distance c(stack, surface_cloud<float, serial>(stack.faces, {.count = point_count}));
  c.rebuild(x.get());
  planned<distance> p(c, x.get().extent());
  serial{}.fill(p.d_output, 1.0f);
  for (auto _ : state) {
    c.forward({}, x.get(), p.output, p.workspace);
    c.backward({}, x.get(), p.d_output, d_x.get(), p.workspace);
  }
  per_query(state, point_count);
}

#define DIFFAM_SIZES Arg(5000)->Arg(50000)->Unit(benchmark::kMillisecond)
BENCHMARK(sdf_build_from_connectivity)->DIFFAM_SIZES;
BENCHMARK(sdf_rebuild)->DIFFAM_SIZES;
BENCHMARK(sdf_refit)->DIFFAM_SIZES->Arg(30000);
BENCHMARK(sdf_closest)->DIFFAM_SIZES;
BENCHMARK(sdf_closest_from_previous)->DIFFAM_SIZES;
BENCHMARK(sdf_closest_order_from_connectivity)->DIFFAM_SIZES;
BENCHMARK(sdf_closest_double)->DIFFAM_SIZES;
BENCHMARK(sdf_closest_brute_force)->DIFFAM_SIZES;
BENCHMARK(sdf_sign<barnes_hut_winding>)->DIFFAM_SIZES;
BENCHMARK(sdf_sign<pseudo_normal>)->DIFFAM_SIZES;
BENCHMARK(sdf_sign<exact_winding>)->DIFFAM_SIZES;
BENCHMARK(sdf_scene_step)->DIFFAM_SIZES;
#undef DIFFAM_SIZES

}  // namespace
