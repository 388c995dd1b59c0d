// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The search for the closest face, by packets and with 8, 16 or 32 threads for each point, for few and for
// many points. sdf/search/containing_sets.hpp chooses between these by the number of points.
#include <cstdio>

#include "diffam/sdf/mesh_distance.hpp"
#include "points_around.hpp"
#include "tables.hpp"
#include "timing.cuh"

namespace diffam::bench {

namespace {

using tree_type = face_tree<float, exec::cuda>;

struct no_hint {
  DIFFAM_HOST_DEVICE stored_index hint(index_t) const { return -1; }
  DIFFAM_HOST_DEVICE stored_index source(index_t) const { return -1; }
};

/// The time in microseconds of a search for all points, which are sorted already. `Threads` threads search
/// for one point.
template <int Threads>
double search_us(const exec::cuda& e, const tree_view<float>& tree, view<const float> points,
                 const point_search_memory<float>& memory) {
  const detail::nearest_in_order_kernel<float, no_hint, Threads> kernel{
      tree, points, memory.order.points, {}, memory.sets.nearest};
  return median_us(e, 5, [&] { e.for_each_index(points.rows, kernel); });
}

double packets_us(const exec::cuda& e, const tree_view<float>& tree, view<const float> points,
                  const point_search_memory<float>& memory) {
  const detail::nearest_by_packets_block<float, no_hint> packets{
      tree, points, memory.order.points, {}, memory.sets.nearest};
  return median_us(e, 5, [&] { e.for_each_block(packets.blocks(), packets); });
}

void print_case(const exec::cuda& e, const std::vector<triangle_mesh<double>>& meshes, index_t count) {
  const mesh_stack stack = stack_meshes(meshes);
  const tree_type tree(stack);
  const auto points = make_buffer<exec::cuda_memory>(points_around(meshes, count).get());
  const auto vertices = make_buffer<exec::cuda_memory>(stacked_vertices<float>(meshes).get());
  arena measuring;
  (void)tree.plan(measuring), (void)plan_point_search<float, exec::cuda>(measuring, count);
  buffer<std::byte, exec::cuda_memory> block(measuring.used());
  arena memory(block.data(), measuring.used());
  tree_storage<float> storage = tree.plan(memory);
  const auto search = plan_point_search<float, exec::cuda>(memory, count);
  tree.refit(e, vertices.get(), storage);
  const tree_view<float> queries = tree.queries(storage, vertices.get());
  const view<const float> at = points.get();
  order_points(e, queries, at, search.order);
  const double order_us = median_us(e, 5, [&] { order_points(e, queries, at, search.order); });
  std::printf(
      "%8lld points, %zu meshes: ordered in %5.1f us; in packets %6.1f, by 8, 16, 32 threads %6.1f %6.1f "
      "%6.1f us\n",
      static_cast<long long>(count), meshes.size(), order_us, packets_us(e, queries, at, search),
      search_us<8>(e, queries, at, search), search_us<16>(e, queries, at, search),
      search_us<32>(e, queries, at, search));
}

}  // namespace

void print_search() {
  const exec::cuda_stream stream;
  const exec::cuda e{stream.get()};
  const auto one = vertebra_in_units();
  for (const index_t count : {1000, 3000, 10000, 30000, 100000, 1000000}) print_case(e, {one}, count);
  std::vector<triangle_mesh<double>> five;
  for (int k = 0; k < 5; ++k) {
    five.push_back(one);
    for (auto& p : five.back().vertices) p += vec3<double>{0, 0, 34.0 / 64 * k};
  }
  for (const index_t count : {10000, 100000}) print_case(e, five, count);
  std::printf("\n");
}

}  // namespace diffam::bench
