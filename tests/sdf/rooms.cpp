// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What a search does where its lists are full: it looks no less far.
#include "diffam/exec/serial.hpp"
#include "fixtures.hpp"

using namespace diffam;

namespace {

/// With lists of that room.
template <class T, int LeafRoom, int NodeRoom>
void require_same_with_room(const test::fitted_tree<T>& t, const buffer<T>& points) {
  const tree_view<T> q = t.queries();
  for (index_t i = 0; i < points.get().rows; ++i) {
    const auto p = load3(points.get(), i);
    const auto expected = nearest_by_brute_force(q, q.first_face[0], q.first_face[1], p);
    const auto found = detail::search_mesh<detail::breadth_search<T, LeafRoom, NodeRoom>>(q, 0, p, -1);
    REQUIRE(found.face == expected.face);
    REQUIRE(found.squared_distance == expected.squared_distance);
  }
}

/// The search of a device, from nothing and from any face.
template <class T>
void require_same_in_order(const test::fitted_tree<T>& t, const buffer<T>& points) {
  const tree_view<T> q = t.queries();
  const stored_index faces = q.first_face[q.meshes];
  for (index_t i = 0; i < points.get().rows; ++i) {
    const auto p = load3(points.get(), i);
    const auto expected = nearest_by_brute_force(q, stored_index{0}, faces, p);
    for (const stored_index hint : {stored_index{-1}, static_cast<stored_index>(i % faces), expected.face}) {
      const auto found = detail::search_scene<detail::ordered_search<T>>(q, p, hint);
      REQUIRE(found.face == expected.face);
      REQUIRE(found.squared_distance == expected.squared_distance);
      REQUIRE(detail::search_mesh<detail::ordered_search<T>>(q, 0, p, hint).face ==
              nearest_by_brute_force(q, q.first_face[0], q.first_face[1], p).face);
    }
  }
}

/// Most nodes that a visit of the whole tree keeps on a stack at once, as `visit_deep` does it.
template <class T>
int deepest(const tree_view<T>& q, stored_index mesh) {
  std::vector<stored_index> stack{q.root[mesh]};
  std::size_t most = 1;
  while (!stack.empty()) {
    const stored_index node = stack.back();
    stack.pop_back();
    if (node < q.leaf_parents) continue;
    for (int l = 0; l < lane_count; ++l)
      if (q.boxes[node].lo[0][l] <= q.boxes[node].hi[0][l]) stack.push_back(q.first_child[node] + l);
    most = std::max(most, stack.size());
  }
  return static_cast<int>(most);
}

}  // namespace

TEMPLATE_TEST_CASE("a search whose lists are full finds the closest face all the same", "[sdf]", float,
                   double) {
  // Near the centre of a sphere all faces are nearly as near: no box is left out.
  const test::fitted_tree<TestType> sphere(make_icosphere(4, 0.7)), torus(make_torus(0.5, 0.2, 60, 30));
  const auto centre = test::random_points<TestType>(40, 1e-3, 1),
             around = test::random_points<TestType>(200, 0.8, 2);
  require_same_with_room<TestType, 1, lane_count>(sphere, centre);
  require_same_with_room<TestType, 3, 24>(sphere, centre);
  require_same_with_room<TestType, 16, 256>(sphere, centre);
  require_same_with_room<TestType, 1, lane_count>(torus, around);
  require_same_with_room<TestType, 2, 16>(torus, around);
}

TEST_CASE("a visit of the whole tree in depth fits its stack", "[sdf]") {
  for (const auto& mesh : {make_box({1, 1, 1}), make_icosphere(3, 0.7), make_torus(0.5, 0.2, 120, 60)}) {
    const test::fitted_tree<float> t(mesh);
    const auto levels = detail::tree_levels(mesh.face_count());
    const int height = static_cast<int>(levels.size()) - 1;
    REQUIRE(deepest(t.queries(), 0) <= (lane_count - 1) * height + 1);
    REQUIRE((lane_count - 1) * height + 1 <= tree_stack_size);
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
  REQUIRE(detail::search_scene<detail::ordered_search<T>>(torus.queries(), vec3<T>{nan, 0, 0}, -1).face ==
          -1);
}
