// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Least signed distance and overlap of several meshes, and the cloud of sample points.
#include "diffam/sdf/scene_distance.hpp"

#include "sdf/fixtures.hpp"
#include "support/component_suite.hpp"

using namespace diffam;

namespace {

using serial = exec::serial;

template <class T>
struct scene {
  std::vector<triangle_mesh<double>> meshes;
  mesh_stack stack = stack_meshes(meshes);
  buffer<T> x = stacked_vertices<T>(meshes);
};

/// Three meshes that overlap pairwise, and a separate one.
std::vector<triangle_mesh<double>> some_meshes() {
  return {test::jitter(make_icosphere(2, 0.5), 0.01, 1),
          test::shifted(test::jitter(make_icosphere(2, 0.5), 0.01, 2), {0.3, 0.1, 0}),
          test::shifted(test::jitter(make_torus(0.5, 0.2, 16, 10), 0.01, 3), {0, 0.3, 0.1}),
          test::shifted(test::jitter(make_icosphere(1, 0.2), 0.01, 4), {0, 0, 1.2})};
}

/// The distance of each point to each mesh alone: result[mesh][point].
template <class T>
std::vector<std::vector<T>> each_distance(const scene<T>& s, view<const T> points) {
  std::vector<std::vector<T>> all;
  for (std::size_t m = 0; m < s.meshes.size(); ++m) {
    const mesh_distance<T, serial, exact_winding> c(s.meshes[m], points);
    const auto x = vertex_buffer<T>(s.meshes[m]);
    planned<mesh_distance<T, serial, exact_winding>> p(c, x.get().extent());
    c.forward({}, x.get(), p.output, p.workspace);
    all.emplace_back(p.output.begin(), p.output.end());
  }
  return all;
}

}  // namespace

TEMPLATE_TEST_CASE("the distance to a scene is the least of its meshes', the overlap the product of depths",
                   "[sdf]", float, double) {
  using T = TestType;
  const scene<T> s{some_meshes()};
  const auto points = test::random_points<T>(2000, 1.2, 5);
  const scene_distance<T, serial> c(s.stack, fixed_points<T>{points.get()});
  planned<scene_distance<T, serial>> p(c, s.x.get().extent());
  for (int pass = 0; pass < 2; ++pass) {  // the second pass starts at the closest faces of the first
    c.forward({}, s.x.get(), p.output, p.workspace);
    const auto each = each_distance(s, view<const T>(points.get()));
    index_t overlapping = 0;
    for (std::size_t i = 0; i < each[0].size(); ++i) {
      std::size_t least = 0;
      double overlap = 0;
      stored_index inside = 0;
      for (std::size_t a = 0; a < each.size(); ++a) {
        if (each[a][i] < each[least][i]) least = a;
        inside += each[a][i] < 0 ? 1 : 0;
        for (std::size_t b = a + 1; b < each.size(); ++b)
          if (each[a][i] < 0 && each[b][i] < 0) overlap += static_cast<double>(each[a][i] * each[b][i]);
      }
      const auto row = static_cast<index_t>(i);
      REQUIRE(p.output(row, 0) == each[least][i]);
      REQUIRE(p.workspace.record.mesh[row] == static_cast<stored_index>(least));
      REQUIRE(p.workspace.record.inside[row] == inside);
      REQUIRE(static_cast<double>(p.output(row, 1)) == Approx(overlap).margin(1e-7));
      overlapping += inside > 1 ? 1 : 0;
    }
    REQUIRE(overlapping > 20);
    REQUIRE(p.workspace.fault_counts[0][0] == 0);
  }
}

TEST_CASE("scene_distance is a component", "[sdf]") {
  const scene<double> s{some_meshes()};
  auto points = test::smooth_points(s.meshes, test::random_points(6000, 0.7, 6), 0.03);
  REQUIRE(points.get().rows > 100);
  index_t overlapping = 0;
  const auto each = each_distance(s, view<const double>(points.get()));
  for (std::size_t i = 0; i < each[0].size(); ++i) overlapping += each[0][i] < 0 && each[1][i] < 0 ? 1 : 0;
  REQUIRE(overlapping > 5);
  std::vector<double> x(s.x.data(), s.x.data() + s.x.size());
  test::placed at;
  SECTION("Barnes-Hut winding number") {
    test::component_suite(
        [&](auto e) {
          return scene_distance<double, decltype(e)>(s.stack, fixed_points<double>{at(e, points.get())});
        },
        x, s.x.get().extent());
  }
  SECTION("pseudo-normal") {
    test::component_suite(
        [&](auto e) {
          return scene_distance<double, decltype(e), pseudo_normal>(
              s.stack, fixed_points<double>{at(e, points.get())});
        },
        x, s.x.get().extent());
  }
}

TEST_CASE("a point in too many meshes is counted, and the deepest meshes are kept", "[sdf]") {
  std::vector<triangle_mesh<double>> meshes;
  for (const double half : {1.0, 3.0, 2.0, 6.0, 5.0, 4.0})
    meshes.push_back(make_box({2 * half, 2 * half, 2 * half}));
  const scene<double> s{meshes};
  buffer<double> points(2, 3);
  store3(points.get(), 0, {0.1, 0.05, 0});  // in all six boxes: depths 0.9, 2.9, 1.9, 5.9, 4.9, 3.9
  store3(points.get(), 1, {4.5, 0.05, 0});  // in two boxes: depths 1.5, 0.5
  const scene_distance<double, serial> c(s.stack, fixed_points<double>{points.get()});
  planned<scene_distance<double, serial>> p(c, s.x.get().extent());
  c.forward({}, s.x.get(), p.output, p.workspace);
  REQUIRE(p.workspace.fault_counts[0][0] == 1);
  REQUIRE(p.workspace.record.inside[0] == 6);
  REQUIRE(p.output(0, 0) == Approx(-5.9));
  REQUIRE(p.workspace.record.mesh[0] == 3);
  const double kept[] = {5.9, 4.9, 3.9, 2.9};
  double expected = 0;
  for (int a = 0; a < 4; ++a)
    for (int b = a + 1; b < 4; ++b) expected += kept[a] * kept[b];
  REQUIRE(p.output(0, 1) == Approx(expected));
  REQUIRE(p.output(1, 0) == Approx(-1.5));
  REQUIRE(p.output(1, 1) == Approx(1.5 * 0.5));
}

TEST_CASE("a cloud lies around the surface with noise of the given sigma", "[sdf]") {
  const double sigma = 0.1;
  const auto mesh = make_icosphere(4, 1.0);
  const auto x = vertex_buffer<double>(mesh);
  iteration_clock<serial> clock(10);
  const surface_cloud<double, serial> cloud(
      mesh.faces, {.count = 40000, .sigma = sigma, .seed = 5, .clock = clock.state()});
  const double* const where = cloud.points().data;
  cloud.draw({}, x.get());
  const auto first = make_buffer(cloud.points());
  vec3<double> mean{};
  double radial = 0, square = 0;
  for (index_t i = 0; i < 40000; ++i) {
    const auto p = load3(cloud.points(), i);
    mean += p * (1.0 / 40000);
    const double r = norm(p) - 1;
    radial += r / 40000, square += r * r / 40000;
  }
  REQUIRE(norm(mean) < 0.02);                              // 3 / sqrt(40000) of the radius, plus a margin
  REQUIRE(radial == Approx(sigma * sigma).margin(0.004));  // E |q + n| - 1 = sigma^2 on a sphere
  REQUIRE(std::sqrt(square) == Approx(sigma).epsilon(0.03));

  cloud.draw({}, x.get());
  REQUIRE(std::equal(first.data(), first.data() + first.size(), cloud.points().data));  // same iteration
  clock.advance({});
  cloud.draw({}, x.get());
  REQUIRE(cloud.points().data == where);
  index_t same = 0;
  for (index_t i = 0; i < first.size(); ++i) same += first.data()[i] == cloud.points().data[i] ? 1 : 0;
  REQUIRE(same < 40);
}

TEST_CASE("a scene draws its cloud at every forward, with the same bits on every policy", "[sdf]") {
  const scene<float> s{some_meshes()};
  const auto run = [&](auto e) {
    using exec_type = decltype(e);
    using cloud = surface_cloud<float, exec_type>;
    using distance = scene_distance<float, exec_type, barnes_hut_winding, cloud>;
    iteration_clock<exec_type> clock(3);
    const distance c(s.stack, cloud(s.stack.faces, {.count = 3000, .clock = clock.state()}));
    planned<distance> p(c, s.x.get().extent());
    buffer<float> d_x(s.x.get().rows, 3);
    std::vector<float> all;
    for (int i = 0; i < 3; ++i) {
      c.forward(e, s.x.get(), p.output, p.workspace);
      e.fill(p.d_output, 1.0f);
      c.backward(e, s.x.get(), p.d_output, d_x.get(), p.workspace);
      const auto before = test::allocation_count();
      c.forward(e, s.x.get(), p.output, p.workspace);
      REQUIRE(test::allocation_count() == before);
      all.insert(all.end(), p.output.begin(), p.output.end());
      all.insert(all.end(), c.points().begin(), c.points().end());
      clock.advance(e);
    }
    all.insert(all.end(), d_x.data(), d_x.data() + d_x.size());
    return all;
  };
  const auto expected = run(serial{});
  REQUIRE(run(exec::threads(2)) == expected);
  REQUIRE(run(exec::threads(3)) == expected);
}

TEST_CASE("scene_distance refuses wrong shapes", "[sdf]") {
  const scene<double> s{some_meshes()};
  buffer<double> points(4, 3), wrong(4, 2);
  using distance = scene_distance<double, serial>;
  test::require_shape_error(distance(s.stack, fixed_points<double>{points.get()}),
                            {s.stack.vertex_count() + 1, 3});
  REQUIRE_THROWS_AS(distance(s.stack, fixed_points<double>{wrong.get()}), error);
  using cloud = surface_cloud<double, serial>;
  REQUIRE_THROWS_AS(cloud(s.stack.faces, {.count = 0}), error);
}
