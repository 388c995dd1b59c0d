// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Queries through the tree find the same face as brute force, with the same bits.
#include "diffam/sdf/tree/tree.hpp"

#include "diffam/exec/threads.hpp"
#include "sdf/fixtures.hpp"
#include "support/allocation.hpp"

using namespace diffam;

namespace {

template <class T>
void require_same_as_brute_force(const tree_view<T>& q, stored_index mesh, const view<const T>& points) {
  for (index_t i = 0; i < points.rows; ++i) {
    const vec3<T> p = load3(points, i);
    const auto expected = nearest_by_brute_force(q, q.first_face[mesh], q.first_face[mesh + 1], p);
    const auto hint =
        static_cast<stored_index>(i % (q.first_face[q.meshes] + 2) - 1);  // some hints are out of range
    for (const auto& found : {nearest_in_mesh(q, mesh, p), nearest_in_mesh(q, mesh, p, hint)}) {
      REQUIRE(found.face == expected.face);
      REQUIRE(found.squared_distance == expected.squared_distance);
      REQUIRE(found.feature == expected.feature);
      for (int k = 0; k < 3; ++k) REQUIRE(found.bary[k] == expected.bary[k]);
    }
  }
}

template <class T>
void check_tree(const triangle_mesh<double>& mesh, tree_params params) {
  test::fitted_tree<T> t(mesh, params);
  const auto near = test::random_points<T>(300, 0.8, 1), far = test::random_points<T>(100, 30, 2);
  const auto clustered = test::random_points<T>(100, 0.01, 3);
  const auto check_all = [&] {
    for (const auto* p : {&near, &far, &clustered}) require_same_as_brute_force<T>(t.queries(), 0, p->get());
    require_same_as_brute_force<T>(t.queries(), 0, t.vertices.get());  // ties at every vertex
  };
  check_all();
  const auto moved = vertex_buffer<T>(test::jitter(mesh, 0.3, 4));
  std::copy_n(moved.data(), moved.size(), t.vertices.data());
  t.refit();
  check_all();
  t.tree.rebuild(t.vertices.get());
  t.refit();
  check_all();
}

/// Checks a tree without discs (as for a small mesh) and with discs (as for a large one).
template <class T>
void check_mesh(const triangle_mesh<double>& mesh) {
  check_tree<T>(mesh, {});
  check_tree<T>(mesh, {.discs_from = 0});
}

triangle_mesh<double> triangles(index_t count, double size) {
  triangle_mesh<double> soup;
  const auto at = test::random_points(count, 1, 5), by = test::random_points(3 * count, size, 6);
  for (index_t f = 0; f < count; ++f) {
    const auto first = static_cast<stored_index>(3 * f);
    for (int k = 0; k < 3; ++k) soup.vertices.push_back(load3(at.get(), f) + load3(by.get(), 3 * f + k));
    soup.faces.push_back({first, first + 1, first + 2});
  }
  return soup;
}

}  // namespace

TEMPLATE_TEST_CASE("the tree finds the closest face", "[sdf]", float, double) {
  SECTION("a torus") {
    check_mesh<TestType>(make_torus(0.5, 0.2, 24, 12));
  }
  SECTION("a sphere, queried near its centre, where all faces are equally near") {
    check_mesh<TestType>(make_icosphere(2, 0.7));
  }
  SECTION("few faces") {
    check_mesh<TestType>(make_box({1, 1, 1}));
  }
  SECTION("one face") {
    check_mesh<TestType>(triangles(1, 0.5));
  }
  SECTION("exactly one leaf, and one face more") {
    check_mesh<TestType>(triangles(8, 0.5));
    check_mesh<TestType>(triangles(9, 0.5));
  }
  SECTION("triangles that overlap and share no vertex") {
    check_mesh<TestType>(triangles(700, 0.4));
  }
  SECTION("duplicate and degenerate faces") {
    triangle_mesh<double> mesh = make_torus(0.5, 0.2, 12, 8);
    const auto faces = mesh.faces;
    mesh.faces.insert(mesh.faces.end(), faces.begin(), faces.end());
    for (stored_index i = 0; i < 20; ++i) {
      mesh.faces.push_back({i, i, i + 1});
      mesh.faces.push_back({i, i, i});
    }
    check_mesh<TestType>(mesh);
  }
  SECTION("needles") {
    triangle_mesh<double> mesh = make_torus(0.5, 0.2, 24, 12);
    for (auto& v : mesh.vertices) v[2] *= 1e-5;
    check_mesh<TestType>(mesh);
  }
}

TEMPLATE_TEST_CASE("the closest face of a scene is the closest face of all its meshes", "[sdf]", float,
                   double) {
  std::vector<triangle_mesh<double>> meshes;
  for (int m = 0; m < 11; ++m)  // more than eight meshes of different sizes; neighbours overlap; some boxes
                                // are equal
    meshes.push_back(test::shifted(make_torus(0.3, 0.1, 6 + m, 5), {0, 0, 0.15 * (m / 2)}));
  test::fitted_tree<TestType> t(meshes);
  const auto points = test::random_points<TestType>(500, 1.2, 7);
  const tree_view<TestType> q = t.queries();
  for (index_t i = 0; i < points.get().rows; ++i) {
    const auto p = load3(points.get(), i);
    const auto expected = nearest_by_brute_force(q, stored_index{0}, q.first_face[11], p);
    REQUIRE(nearest_in_scene(q, p).face == expected.face);
    REQUIRE(nearest_in_scene(q, p, static_cast<stored_index>(i)).face == expected.face);
    stored_index mesh = 0;
    while (expected.face >= q.first_face[mesh + 1]) ++mesh;
    REQUIRE(q.mesh_of(expected.face) == mesh);
  }
  require_same_as_brute_force<TestType>(q, 3, points.get());
  require_same_as_brute_force<TestType>(q, 10, points.get());
}

TEST_CASE("the face with the least index is chosen among equally near faces", "[sdf]") {
  triangle_mesh<double> mesh = make_box({1, 1, 1});
  const std::vector<face> faces = mesh.faces;
  for (int copy = 0; copy < 3; ++copy) mesh.faces.insert(mesh.faces.end(), faces.begin(), faces.end());
  const test::fitted_tree<double> t(mesh);
  for (const auto& v : mesh.vertices) {  // at a corner, all its faces are at distance 0
    stored_index least = 0;
    const auto has = [&](stored_index f) {
      for (int k = 0; k < 3; ++k)
        if (mesh.vertices[static_cast<std::size_t>(mesh.faces[static_cast<std::size_t>(f)][k])] == v)
          return true;
      return false;
    };
    while (!has(least)) ++least;
    REQUIRE(nearest_in_mesh(t.queries(), 0, v).face == least);
  }
}

TEST_CASE("a point that is not finite has no closest face", "[sdf]") {
  const test::fitted_tree<float> t(make_torus(0.5, 0.2, 24, 12));
  const float nan = std::numeric_limits<float>::quiet_NaN();
  REQUIRE(nearest_in_mesh(t.queries(), 0, {nan, 0, 0}).face == -1);
  REQUIRE(nearest_in_scene(t.queries(), {0, nan, 0}).face == -1);
}

TEST_CASE("bounding boxes contain their faces and are tight", "[sdf]") {
  test::fitted_tree<double> t(make_torus(0.5, 0.2, 24, 12));
  const tree_view<double> q = t.queries();
  REQUIRE(t.storage.mesh_boxes[0].lo[0][0] == Approx(-0.7));
  REQUIRE(t.storage.mesh_boxes[0].hi[0][0] == Approx(0.7));
  REQUIRE(q.scene_diagonal() == Approx(std::sqrt(2 * 1.4 * 1.4 + 0.4 * 0.4)));
  std::vector<int> seen(static_cast<std::size_t>(t.tree.face_count()));
  for (stored_index node = 0; node < q.leaf_parents; ++node)
    for (int l = 0; l < lane_count; ++l) {
      if (!(q.boxes[node].lo[0][l] <= q.boxes[node].hi[0][l])) continue;
      const auto& leaf = q.triangles[q.first_child[node] + l];
      for (int k = 0; k < 3; ++k) {
        double lo = HUGE_VAL, hi = -HUGE_VAL;
        for (int j = 0; j < lane_count; ++j)
          for (int c = 0; c < 3; ++c) {
            lo = std::min(lo, q.corner(leaf.face[j], c)[k]);
            hi = std::max(hi, q.corner(leaf.face[j], c)[k]);
          }
        REQUIRE(q.boxes[node].lo[k][l] == lo);
        REQUIRE(q.boxes[node].hi[k][l] == hi);
      }
      for (const stored_index face : test::faces_of(leaf)) ++seen[static_cast<std::size_t>(face)];
    }
  for (const int times : seen) REQUIRE(times == 1);
}

TEST_CASE("a refit allocates nothing and writes the same bits on any number of threads", "[sdf]") {
  const std::vector meshes{make_torus(0.5, 0.2, 60, 30), make_icosphere(3, 0.5)};
  test::fitted_tree<float> t(meshes);
  const auto before = test::allocation_count();
  t.refit();
  REQUIRE(test::allocation_count() == before);
  for (int count : {1, 2, 3}) {
    const exec::threads e(count);
    const face_tree<float, exec::threads> other(stack_meshes(meshes));
    buffer<std::byte> block(t.block.size());
    arena memory(block.data(), block.size());
    const auto storage = other.plan(memory);
    const auto start = test::allocation_count();
    other.refit(e, t.vertices.get(), storage);
    REQUIRE(test::allocation_count() == start);
    REQUIRE(std::memcmp(block.data(), t.block.data(), t.block.bytes()) == 0);
  }
}

TEST_CASE("a rebuild lowers the cost of a badly ordered tree, and a deformation raises it", "[sdf]") {
  const auto mesh = make_torus(0.5, 0.2, 60, 30);
  test::fitted_tree<float> t(mesh);
  const double from_connectivity = t.tree.cost({}, t.storage);
  t.tree.rebuild(t.vertices.get());
  t.refit();
  const double from_positions = t.tree.cost({}, t.storage);
  REQUIRE(from_positions < from_connectivity);
  REQUIRE(from_connectivity < 2.1 * from_positions);
  const auto torn = vertex_buffer<float>(test::jitter(mesh, 0.5, 8));
  std::copy_n(torn.data(), torn.size(), t.vertices.data());
  t.refit();
  REQUIRE(t.tree.cost({}, t.storage) > 1.33 * from_positions);
}

TEST_CASE("the traversal stack has room for a tree over any number of faces", "[sdf]") {
  // The stack holds 7 entries for each level and one more. A stored_index counts at most 2^31 - 1 faces.
  for (const index_t faces : {index_t{1}, index_t{8}, index_t{9}, index_t{30000}, index_t{INT32_MAX}}) {
    const auto levels = detail::tree_levels(faces);
    REQUIRE(levels.back() == 1);
    REQUIRE(levels.size() >= 2);
    REQUIRE(levels.size() - 1 <= static_cast<std::size_t>(tree_height_limit));
    for (std::size_t h = 1; h < levels.size(); ++h)
      for (index_t i = 0; i < std::min<index_t>(levels[h], 1000); ++i) {
        const index_t children = detail::part_begin(levels[h - 1], levels[h], i + 1) -
                                 detail::part_begin(levels[h - 1], levels[h], i);
        REQUIRE(children >= 1);
        REQUIRE(children <= lane_count);
      }
  }
}

TEST_CASE("a tree refuses meshes that it cannot hold", "[sdf]") {
  using tree = face_tree<float, exec::serial>;
  REQUIRE_THROWS_AS(tree(std::vector<face>{}, 3), error);
  REQUIRE_THROWS_AS(tree({{0, 1, 3}}, 3), error);
  REQUIRE_THROWS_AS(tree({{0, 1, -1}}, 3), error);
  REQUIRE_THROWS_AS(tree({{0, 1, 2}}, INT32_MAX / 3 + 1), error);  // three times this number exceeds a
                                                                   // stored_index
  tree t({{0, 1, 2}}, 3);
  const buffer<float> wrong(4, 3);
  REQUIRE_THROWS_AS(t.rebuild(wrong.get()), error);
}
