// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Rebuilds of a tree on its policy. The host policies run the kernels of a GPU, also in memory that stands in
// for device memory.
#include <set>

#include "diffam/exec/threads.hpp"
#include "sdf/fixtures.hpp"
#include "support/allocation.hpp"
#include "support/guarded.hpp"

using namespace diffam;

namespace {

/// A tree on a policy, with all its memory.
template <class T, class Exec>
struct device_tree {
  using memory = typename Exec::memory;
  Exec e;
  face_tree<T, Exec> tree;
  buffer<T, memory> vertices;
  buffer<std::byte, memory> block;
  tree_storage<T> storage;
  tree_rebuild_memory<T> work;

  device_tree(Exec exec, const std::vector<triangle_mesh<double>>& meshes)
      : e(exec),
        tree(stack_meshes(meshes)),
        vertices(make_buffer<memory>(stacked_vertices<T>(meshes).get())) {
    arena measuring;
    plan(measuring);
    block = buffer<std::byte, memory>(measuring.used());
    arena taken(block.data(), measuring.used());
    plan(taken);
    tree.refit(e, vertices.get(), storage);
  }
  void plan(arena& a) {
    storage = tree.plan(a);
    work = tree.plan_rebuild(a);
  }
  void rebuild() {
    tree.rebuild(e, vertices.get(), work);
    tree.refit(e, vertices.get(), storage);
  }
  tree_view<T> queries() const { return tree.queries(storage, vertices.get()); }
  std::vector<std::byte> bytes() const {
    std::vector<std::byte> all(static_cast<std::size_t>(block.size()));
    block.download(all.data());
    return all;
  }
};

std::vector<triangle_mesh<double>> some_meshes(int count) {
  std::vector<triangle_mesh<double>> meshes;
  for (int m = 0; m < count; ++m)  // different sizes, overlapping, the first one flat
    meshes.push_back(
        test::shifted(make_torus(0.3, 0.1, 9 + 7 * (m % 5), 5 + m % 4), {0, 0.02 * m, 0.15 * (m / 2)}));
  for (auto& v : meshes[0].vertices) v[1] = 0;
  return meshes;
}

template <class T, class Exec>
void require_exact(const device_tree<T, Exec>& t, double size) {
  const auto points = test::random_points<T>(200, size, 7);
  const tree_view<T> q = t.queries();
  for (index_t i = 0; i < points.get().rows; ++i) {
    const auto p = load3(points.get(), i);
    const auto expected = nearest_by_brute_force(q, stored_index{0}, q.first_face[q.meshes], p);
    const auto found = nearest_in_scene(q, p), again = nearest_in_scene(q, p, expected.face);
    REQUIRE(found.face == expected.face);
    REQUIRE(found.squared_distance == expected.squared_distance);
    REQUIRE(again.face == expected.face);
    const auto m = static_cast<stored_index>(i % q.meshes);
    const auto of_mesh = nearest_by_brute_force(q, q.first_face[m], q.first_face[m + 1], p);
    REQUIRE(nearest_in_mesh(q, m, p).face == of_mesh.face);
    REQUIRE(barnes_hut_winding{}.inside(q, m, p) == exact_winding{}.inside(q, m, p));
  }
}

}  // namespace

TEMPLATE_TEST_CASE("a tree rebuilt on its policy finds the same faces as brute force", "[sdf]", float,
                   double) {
  for (const int count : {1, 2, 9, 20}) {
    device_tree<TestType, exec::serial> t({}, some_meshes(count));
    t.rebuild();
    require_exact(t, 1.2);
    const auto moved = test::jitter(some_meshes(1)[0], 0.2, 4);  // only the first mesh moves
    const auto first = vertex_buffer<TestType>(moved);
    std::copy_n(first.data(), first.size(), t.vertices.data());
    t.tree.refit({}, t.vertices.get(), t.storage);
    t.rebuild();
    require_exact(t, 1.2);
  }
}

TEST_CASE("a rebuild on a policy is the same for any number of threads and in device memory", "[sdf]") {
  const auto meshes = some_meshes(11);
  device_tree<float, exec::serial> expected({}, meshes);
  expected.rebuild();
  const auto before = test::allocation_count();
  expected.rebuild();
  REQUIRE(test::allocation_count() == before);
  for (const int count : {1, 2, 3}) {
    device_tree<float, exec::threads> t(exec::threads(count), meshes);
    t.rebuild();
    REQUIRE(t.bytes() == expected.bytes());
  }
  device_tree<float, test::guarded> t({}, meshes);
  t.rebuild();
  REQUIRE(t.bytes() == expected.bytes());
}

TEST_CASE("rebuilds from the memory of the policy and from host memory give the same order of faces",
          "[sdf]") {
  const auto meshes = some_meshes(3);
  device_tree<double, exec::serial> t({}, meshes), other({}, meshes);
  const double from_connectivity = t.tree.cost({}, t.storage);
  t.rebuild();
  REQUIRE(t.tree.cost({}, t.storage) < from_connectivity);
  other.tree.rebuild(other.vertices.get());
  other.tree.refit({}, other.vertices.get(), other.storage);
  arena measuring;
  (void)t.tree.plan(measuring);
  const std::vector<std::byte> expected = t.bytes(), found = other.bytes();
  REQUIRE(std::equal(expected.begin(), expected.begin() + measuring.used(), found.begin()));
}

TEST_CASE("faces are halved until each leaf has its own", "[sdf]") {
  for (const index_t faces :
       {index_t{1}, index_t{8}, index_t{9}, index_t{65}, index_t{1000}, index_t{5104}}) {
    const std::vector<std::vector<index_t>> levels{detail::tree_levels(faces), detail::tree_levels(17)};
    const auto rounds = detail::halving_rounds(levels, {0, faces, faces + 17});
    std::set<stored_index> borders;
    for (std::size_t k = 0; k + 1 < rounds.round.size(); ++k) {
      const auto begin = rounds.first.begin() + rounds.round[k],
                 end = rounds.first.begin() + rounds.round[k + 1];
      REQUIRE(std::is_sorted(begin, end));
      REQUIRE(*begin == 0);
      REQUIRE(*(end - 1) == faces + 17);
      for (const stored_index border : borders) REQUIRE(std::binary_search(begin, end, border));
      borders.insert(begin, end);
    }
    REQUIRE(rounds.round.size() <= 3 * levels[0].size() + 3);
    REQUIRE(static_cast<index_t>(borders.size()) <= levels[0][0] + levels[1][0] + 1);
  }
}

TEST_CASE("with faces that are not finite, a rebuild still lists each face once", "[sdf]") {
  device_tree<float, exec::serial> t({}, some_meshes(2));
  t.vertices.data()[4] = std::numeric_limits<float>::quiet_NaN();
  t.tree.refit({}, t.vertices.get(), t.storage);
  t.rebuild();
  std::set<stored_index> met(t.work.sort.sorted_values.begin(), t.work.sort.sorted_values.end());
  REQUIRE(static_cast<index_t>(met.size()) == t.tree.face_count());
}
