// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Searches with lists that become full, and the searches of a device, find the same closest faces as brute
// force.
#include "diffam/sdf/search/containing_sets.hpp"
#include "diffam/exec/serial.hpp"
#include "sdf/fixtures.hpp"
#include "support/emulated.hpp"

using namespace diffam;

namespace {

/// Searches with lists of the given lengths.
template <class T, int LeafRoom, int NodeRoom>
void require_same_with_room(const test::fitted_tree<T>& t, const buffer<T>& points) {
  const tree_view<T> q = t.queries();
  for (index_t i = 0; i < points.get().rows; ++i) {
    const auto p = load3(points.get(), i);
    const auto expected = nearest_by_brute_force(q, q.first_face[0], q.first_face[1], p);
    const auto found = detail::search_mesh<detail::breadth_first_search<T, LeafRoom, NodeRoom>>(q, 0, p, -1);
    REQUIRE(found.face == expected.face);
    REQUIRE(found.squared_distance == expected.squared_distance);
  }
}

/// A search of a device, without a hint and with various hints.
template <class Search, class T>
void require_same_by(const test::fitted_tree<T>& t, const buffer<T>& points) {
  const tree_view<T> q = t.queries();
  const stored_index faces = q.first_face[q.meshes];
  for (index_t i = 0; i < points.get().rows; ++i) {
    const auto p = load3(points.get(), i);
    const auto expected = nearest_by_brute_force(q, stored_index{0}, faces, p);
    for (const stored_index hint : {stored_index{-1}, static_cast<stored_index>(i % faces), expected.face}) {
      const auto found = detail::search_scene<Search>(q, p, hint);
      REQUIRE(found.face == expected.face);
      REQUIRE(found.squared_distance == expected.squared_distance);
      REQUIRE(detail::search_mesh<Search>(q, 0, p, hint).face ==
              nearest_by_brute_force(q, q.first_face[0], q.first_face[1], p).face);
    }
  }
}

/// The search of a device for many points; some of them have a hint.
template <class T>
void require_same_by_packets(const test::fitted_tree<T>& t, const buffer<T>& points) {
  using packet = detail::packet_search<T>;
  const tree_view<T> q = t.queries();
  const stored_index faces = q.first_face[q.meshes];
  const index_t n = points.get().rows;
  for (index_t first = 0; first < n; first += packet::points) {
    const auto place = [&](int g) { return load3(points.get(), std::min(first + g, n - 1)); };
    packet search(q);
    for (int g = 0; g < packet::points; ++g)
      search.start(g, place(g), g % 3 == 0 ? static_cast<stored_index>((first + g) % faces) : -1);
    search.in_scene();
    for (int g = 0; g < packet::points; ++g) {
      const auto expected = nearest_by_brute_force(q, stored_index{0}, faces, place(g));
      REQUIRE(search.found(g).face == expected.face);
      REQUIRE(search.found(g).squared_distance == expected.squared_distance);
    }
  }
}

/// The same in a thread block, where the last packet is not full.
template <class T>
void require_same_by_blocks(const test::fitted_tree<T>& t, const buffer<T>& points) {
  struct no_hint {
    stored_index hint(index_t) const { return -1; }
    stored_index source(index_t) const { return -1; }
  };
  const tree_view<T> q = t.queries();
  const index_t n = points.get().rows;
  buffer<stored_index> order(n);
  buffer<nearest_face<T>> nearest(n);
  for (index_t k = 0; k < n; ++k) order.data()[k] = static_cast<stored_index>(n - 1 - k);
  const detail::nearest_by_packets_block<T, no_hint> packets{
      q, points.get(), std::as_const(order).get(), {}, nearest.get()};
  test::emulated{test::thread_order::strided}.for_each_block(packets.blocks(), packets);
  for (index_t k = 0; k < n; ++k) {
    const auto p = load3(points.get(), n - 1 - k);
    REQUIRE(nearest.data()[k].face ==
            nearest_by_brute_force(q, stored_index{0}, q.first_face[q.meshes], p).face);
  }
}

template <class T>
void require_same_in_order(const test::fitted_tree<T>& t, const buffer<T>& points) {
  require_same_by<detail::nearest_first_search<T, 1>>(t, points);
  require_same_by<detail::nearest_first_search<T, 2>>(t, points);
  require_same_by<detail::nearest_first_search<T, 4>>(t, points);
  require_same_by_packets(t, points);
  require_same_by_blocks(t, points);
}

/// The greatest number of stack entries, leaves included, during a traversal of the whole tree, if `groups`
/// groups each take one entry at a time.
template <class T>
int deepest(const tree_view<T>& q, stored_index mesh, int groups) {
  std::vector<stored_index> stack{q.root[mesh]};
  std::size_t most = 1;
  while (!stack.empty()) {
    std::vector<stored_index> taken;  // the deepest entry last
    for (int g = 0; g < groups && !stack.empty(); ++g) {
      taken.insert(taken.begin(), stack.back());
      stack.pop_back();
    }
    for (const stored_index node : taken)
      for (int l = 0; node >= 0 && l < lane_count; ++l)
        if (q.boxes[node].lo[0][l] <= q.boxes[node].hi[0][l])
          stack.push_back(node < q.leaf_parents ? -1 : q.first_child[node] + l);
    most = std::max(most, stack.size());
  }
  return static_cast<int>(most);
}

}  // namespace

TEMPLATE_TEST_CASE("a search with full lists finds the closest face", "[sdf]", float, double) {
  // Near the centre of a sphere all faces are almost equally near, so the search prunes no box.
  const test::fitted_tree<TestType> sphere(make_icosphere(4, 0.7)), torus(make_torus(0.5, 0.2, 60, 30));
  const auto centre = test::random_points<TestType>(40, 1e-3, 1),
             around = test::random_points<TestType>(200, 0.8, 2);
  require_same_with_room<TestType, 1, lane_count>(sphere, centre);
  require_same_with_room<TestType, 3, 24>(sphere, centre);
  require_same_with_room<TestType, 16, 256>(sphere, centre);
  require_same_with_room<TestType, 1, lane_count>(torus, around);
  require_same_with_room<TestType, 2, 16>(torus, around);
}

TEST_CASE("the stack has room for a traversal of the whole tree in depth", "[sdf]") {
  for (const auto& mesh : {make_box({1, 1, 1}), make_icosphere(3, 0.7), make_torus(0.5, 0.2, 120, 60)}) {
    const test::fitted_tree<float> t(mesh);
    const auto levels = detail::tree_levels(mesh.face_count());
    const int height = static_cast<int>(levels.size());  // leaves are on the stack, too
    for (const int groups : {1, 2, 4}) {
      const int room = groups * ((lane_count - 1) * height + 1);
      REQUIRE(deepest(t.queries(), 0, groups) <= room);
      REQUIRE(room <= groups * (tree_stack_size + lane_count));
    }
  }
}

TEMPLATE_TEST_CASE("the search of a device finds the closest face", "[sdf]", float, double) {
  using T = TestType;
  const test::fitted_tree<T> sphere(make_icosphere(4, 0.7)), torus(make_torus(0.5, 0.2, 60, 30)),
      small(make_box({1, 1, 1})), crossed(test::self_intersecting_torus());
  require_same_in_order<T>(sphere, test::random_points<T>(20, 1e-3, 1));
  require_same_in_order<T>(torus, test::random_points<T>(200, 0.8, 2));
  require_same_in_order<T>(torus, torus.vertices);  // ties at every corner
  require_same_in_order<T>(crossed, test::random_points<T>(200, 0.6, 3));
  require_same_in_order<T>(small, test::random_points<T>(50, 2, 4));
  std::vector<triangle_mesh<double>> many;
  for (int k = 0; k < 19; ++k) many.push_back(test::shifted(make_icosphere(2, 0.3), {0.2 * k, 0, 0}));
  require_same_in_order<T>(test::fitted_tree<T>(many), test::random_points<T>(100, 3, 5));
  const T nan = std::numeric_limits<T>::quiet_NaN();
  const vec3<T> nowhere{nan, 0, 0};
  REQUIRE(detail::search_scene<detail::nearest_first_search<T>>(torus.queries(), nowhere, -1).face == -1);
  const tree_view<T> q = torus.queries();
  detail::packet_search<T> search(q);
  for (int g = 0; g < search.points; ++g) search.start(g, g == 7 ? nowhere : vec3<T>{0, 0, 0}, -1);
  search.in_scene();
  REQUIRE(search.found(7).face == -1);
  REQUIRE(search.found(8).face >= 0);
}
