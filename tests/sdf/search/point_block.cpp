// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A search for blocks of points gives the closest faces, signs and overlaps that a search for each point
// gives. Also checks that few points compute their own winding numbers.
#include "diffam/sdf/search/point_block.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "diffam/exec/threads.hpp"
#include "sdf/fixtures.hpp"
#include "support/emulated.hpp"

using namespace diffam;

namespace {

using serial = exec::serial;

/// The exact sign; counts how often it is called.
struct counted_winding {
  static constexpr bool needs_dipoles = false;
  static constexpr bool follows_winding = true;
  index_t* asked = nullptr;

  template <class T>
  bool inside(const tree_view<T>& tree, stored_index mesh, const vec3<T>& p) const {
    ++*asked;
    return exact_winding{}.inside(tree, mesh, p);
  }
};

/// Compares the output of a component by blocks with the output point by point.
template <class T, exec::policy Exec>
void require_same(const Exec& e, const std::vector<triangle_mesh<double>>& meshes, const buffer<T>& points,
                  index_t most_asked) {
  const mesh_stack stack = stack_meshes(meshes);
  const buffer<T> x = stacked_vertices<T>(meshes);
  index_t asked = 0;
  using distance = scene_distance<T, Exec, counted_winding>;
  const distance c(stack, fixed_points<T>{points.get()}, {.sign = {&asked}});
  planned<distance> blocks(c, x.get().extent()), alone(c, x.get().extent());
  serial{}.fill(blocks.workspace.record.face, stored_index{-1});
  serial{}.fill(alone.workspace.record.face, stored_index{-1});
  c.forward(e, x.get(), blocks.output, blocks.workspace);
  INFO("winding numbers: " << asked << " for " << points.get().rows << " points");
  REQUIRE(asked <= most_asked);
  c.tree().refit(e, x.get(), alone.workspace.tree);
  const auto tree = c.tree().queries(alone.workspace.tree, x.get());
  const scene_distance_kernel<T, counted_winding> each{tree, {&asked},     points.get(),          true,
                                                       {},   alone.output, alone.workspace.record};
  for (index_t i = 0; i < points.get().rows; ++i) {
    each(i);
    REQUIRE(blocks.output(i, 0) == alone.output(i, 0));
    REQUIRE(blocks.output(i, 1) == alone.output(i, 1));
    REQUIRE(blocks.workspace.record.mesh[i] == alone.workspace.record.mesh[i]);
    REQUIRE(blocks.workspace.record.inside[i] == alone.workspace.record.inside[i]);
    for (int k = 0; k < overlap_limit; ++k)
      REQUIRE(blocks.workspace.record.face(i, k) == alone.workspace.record.face(i, k));
    for (int k = 0; k < 3; ++k)
      REQUIRE(blocks.workspace.record.direction(i, k) == alone.workspace.record.direction(i, k));
  }
}

/// Compares on a CPU and with emulated thread blocks of a device.
template <class T>
void require_same(const std::vector<triangle_mesh<double>>& meshes, const buffer<T>& points,
                  index_t most_asked) {
  require_same(serial{}, meshes, points, most_asked);
  for (auto order : {test::thread_order::forward, test::thread_order::strided})
    require_same(test::emulated(order), meshes, points, 2 * most_asked);
}

template <class T>
buffer<T> cloud_around(const std::vector<triangle_mesh<double>>& meshes, index_t n, double sigma) {
  const mesh_stack stack = stack_meshes(meshes);
  const buffer<T> x = stacked_vertices<T>(meshes);
  const surface_cloud<T, serial> cloud(stack.faces, {.count = n, .sigma = sigma});
  cloud.draw({}, x.get());
  return make_buffer(cloud.points());
}

}  // namespace

TEMPLATE_TEST_CASE("a search by blocks of points gives the results of a search for each point", "[sdf]",
                   float, double) {
  using T = TestType;
  SECTION("one surface, with few winding numbers") {
    const std::vector meshes{make_torus(0.5, 0.2, 40, 20)};
    require_same<T>(meshes, cloud_around<T>(meshes, 5000, 0.15), 1000);
    require_same<T>(meshes, cloud_around<T>(meshes, 17000, 0.15), 1500);  // large blocks on a device
  }
  SECTION("meshes that overlap, and separate ones") {
    const std::vector meshes{make_icosphere(3, 0.5), test::shifted(make_icosphere(3, 0.5), {0.3, 0.1, 0}),
                             test::shifted(make_torus(0.5, 0.2, 24, 12), {0, 0.3, 0.1}),
                             test::shifted(make_icosphere(2, 0.2), {0, 0, 1.2})};
    require_same<T>(meshes, cloud_around<T>(meshes, 3000, 0.15), 4000);
  }
  SECTION("a surface that intersects itself") {
    const std::vector meshes{test::self_intersecting_torus()};
    require_same<T>(meshes, cloud_around<T>(meshes, 5000, 0.05), 2500);
  }
  SECTION("points on the surface and the corners") {
    const std::vector meshes{make_torus(0.5, 0.2, 24, 12)};
    require_same<T>(meshes, vertex_buffer<T>(meshes[0]), 100000);
    require_same<T>(meshes, cloud_around<T>(meshes, 1000, 1e-6), 100000);
  }
  SECTION("a surface with holes: every point computes its own sign") {
    triangle_mesh<double> open = make_torus(0.5, 0.2, 24, 12);
    open.faces.resize(open.faces.size() - 60);
    REQUIRE_FALSE(detail::is_closed(open.faces));
    const std::vector meshes{open};
    require_same<T>(meshes, cloud_around<T>(meshes, 2000, 0.15), 100000);
  }
  SECTION("more meshes around a point than are listed") {
    std::vector<triangle_mesh<double>> meshes;
    for (int k = 0; k < 11; ++k) meshes.push_back(make_box({1.0 + k, 1.0 + k, 1.0 + k}));
    require_same<T>(meshes, test::random_points<T>(600, 3, 4), 100000);
  }
}

TEST_CASE("a mesh is closed if every edge occurs in both directions", "[sdf]") {
  triangle_mesh<double> mesh = make_icosphere(1, 1);
  REQUIRE(detail::is_closed(mesh.faces));
  std::swap(mesh.faces[3][0], mesh.faces[3][1]);  // flipped orientation
  REQUIRE_FALSE(detail::is_closed(mesh.faces));
  mesh.faces.erase(mesh.faces.begin() + 3);
  REQUIRE_FALSE(detail::is_closed(mesh.faces));
}

TEST_CASE("the order of points is a stable sort by key, the same for any number of threads", "[sdf]") {
  const test::fitted_tree<float> t(make_torus(0.5, 0.2, 24, 12));
  auto points = test::random_points<float>(5000, 0.8, 1);
  points.get()(7, 1) = std::numeric_limits<float>::quiet_NaN();
  points.get()(8, 1) = std::numeric_limits<float>::infinity();
  const auto run = [&]<class Exec>(const Exec& e) {
    arena measuring;
    (void)plan_point_order<Exec>(measuring, 5000);
    buffer<std::byte> block(measuring.used());
    arena memory(block.data(), measuring.used());
    const point_order o = plan_point_order<Exec>(memory, 5000);
    order_points(e, t.queries(), view<const float>(points.get()), o);
    for (index_t k = 1; k < 5000; ++k) {
      const auto a = o.points[k - 1], b = o.points[k];
      REQUIRE((o.sort.keys[a] < o.sort.keys[b] || (o.sort.keys[a] == o.sort.keys[b] && a < b)));
    }
    return std::vector<stored_index>(o.points.begin(), o.points.end());
  };
  const auto order = run(serial{});
  REQUIRE(std::set<stored_index>(order.begin(), order.end()).size() == 5000);
  REQUIRE(run(exec::threads(3)) == order);
  for (const auto other :
       {test::thread_order::forward, test::thread_order::backward, test::thread_order::strided})
    REQUIRE(run(test::emulated{other}) == order);
}

namespace {

/// The closest face in each mesh that contains p, by brute force, deepest first.
template <class T>
std::vector<stored_index> deepest_by_brute_force(const tree_view<T>& tree, const vec3<T>& p) {
  std::vector<nearest_face<T>> all;
  for (stored_index m = 0; m < tree.meshes; ++m)
    if (exact_winding{}.inside(tree, m, p))
      all.push_back(nearest_by_brute_force(tree, tree.first_face[m], tree.first_face[m + 1], p));
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.squared_distance > b.squared_distance; });
  std::vector<stored_index> faces;
  for (const auto& n : all) faces.push_back(n.face);
  return faces;
}

template <exec::policy Exec>
void require_deepest(const Exec& e) {
  std::vector<triangle_mesh<double>> meshes;
  for (int k = 0; k < containing_meshes::limit + 3; ++k) {
    meshes.push_back(make_box({1.0 + 0.2 * k, 1.1 + 0.2 * k, 1.2 + 0.2 * k}));
    for (auto& v : meshes.back().vertices) v[k % 3] += 0.01 * k;
  }
  const mesh_stack stack = stack_meshes(meshes);
  const auto x = stacked_vertices<double>(meshes);
  const auto points = test::random_points<double>(300, 1.6, 5);
  using distance = scene_distance<double, Exec>;
  const distance c(stack, fixed_points<double>{points.get()}, {});
  planned<distance> p(c, x.get().extent());
  c.forward(e, x.get(), p.output, p.workspace);
  const auto tree = c.tree().queries(p.workspace.tree, x.get());
  index_t beyond_list = 0;
  for (index_t i = 0; i < points.get().rows; ++i) {
    const auto faces = deepest_by_brute_force(tree, load3(points.get(), i));
    beyond_list += faces.size() > containing_meshes::limit ? 1 : 0;
    REQUIRE(p.workspace.record.inside[i] == static_cast<stored_index>(faces.size()));
    for (std::size_t k = 0; k < overlap_limit && k < faces.size(); ++k)
      REQUIRE(p.workspace.record.face(i, static_cast<index_t>(k)) == faces[k]);
  }
  REQUIRE(beyond_list > 30);
}

}  // namespace

TEST_CASE("the deepest meshes are kept for any number of containing meshes", "[sdf]") {
  require_deepest(serial{});
  require_deepest(test::emulated{test::thread_order::strided});
}

TEST_CASE("an iteration raises flags for exceeded overlap and points that are not finite", "[sdf]") {
  std::vector<triangle_mesh<double>> meshes;
  for (int k = 0; k < overlap_limit + 1; ++k) meshes.push_back(make_box({1.0 + k, 1.0 + k, 1.0 + k}));
  const mesh_stack stack = stack_meshes(meshes);
  const auto x = stacked_vertices<double>(meshes);
  buffer<double> points(2, 3);
  iteration_flags<serial> flags;
  using distance = scene_distance<double, serial>;
  const distance c(stack, fixed_points<double>{points.get()}, {.sign = {}, .flags = flags.word()});
  planned<distance> p(c, x.get().extent());
  const auto raised = [&](const vec3<double>& at) {
    store3(points.get(), 0, {0.9, 0.1, 0});
    store3(points.get(), 1, at);
    c.forward({}, x.get(), p.output, p.workspace);
    return flags.take();
  };
  REQUIRE(raised({5, 0, 0}) == 0);
  REQUIRE(raised({0.1, 0.05, 0}) == flag::overlap_exceeded);
  REQUIRE(raised({std::nan(""), 0, 0}) == flag::point_not_finite);
  REQUIRE(raised({5, 0, 0}) == 0);  // `take` clears the flags
}
