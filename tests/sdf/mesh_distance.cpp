// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Signed distance to one mesh: gradients, known distances, and the chosen subgradient at points that are not
// smooth.
#include "diffam/sdf/mesh_distance.hpp"

#include "sdf/fixtures.hpp"
#include "support/component_suite.hpp"

using namespace diffam;

namespace {

using serial = exec::serial;

template <class T>
std::vector<T> distances(const triangle_mesh<double>& mesh, view<const T> points) {
  const mesh_distance<T, serial> c(mesh, points);
  const auto x = vertex_buffer<T>(mesh);
  planned<mesh_distance<T, serial>> p(c, x.get().extent());
  c.forward({}, x.get(), p.output, p.workspace);
  return std::vector<T>(p.output.begin(), p.output.end());
}

}  // namespace

TEST_CASE("mesh_distance is a component", "[sdf]") {
  const auto mesh = test::jitter(make_torus(0.5, 0.2, 16, 10), 0.02, 1);
  const auto points = test::smooth_points({mesh}, test::random_points(400, 0.7, 2), 0.05);
  REQUIRE(points.get().rows > 100);
  const extent in{mesh.vertex_count(), 3};
  test::placed at;
  SECTION("Barnes-Hut winding number") {
    test::component_suite(
        [&](auto e) { return mesh_distance<double, decltype(e)>(mesh.faces, at(e, points.get())); },
        test::flat(mesh), in);
  }
  SECTION("exact winding number, leaves ordered by position") {
    test::component_suite(
        [&](auto e) { return mesh_distance<double, decltype(e), exact_winding>(mesh, at(e, points.get())); },
        test::flat(mesh), in);
  }
  SECTION("pseudo-normal") {
    test::component_suite(
        [&](auto e) { return mesh_distance<double, decltype(e), pseudo_normal>(mesh, at(e, points.get())); },
        test::flat(mesh), in);
  }
}

TEST_CASE("the gradient with respect to the points agrees with finite differences", "[sdf]") {
  const auto mesh = test::jitter(make_torus(0.5, 0.2, 16, 10), 0.02, 1);
  const auto points = test::smooth_points({mesh}, test::random_points(400, 0.7, 2), 0.05);
  const index_t n = points.get().rows;
  buffer<double> d_points(n, 3);
  const mesh_distance<double, serial> c(mesh, points.get(), {.sign = {}, .d_points = d_points.get()});
  const auto x = vertex_buffer<double>(mesh);
  planned<mesh_distance<double, serial>> p(c, x.get().extent());
  c.forward({}, x.get(), p.output, p.workspace);
  serial{}.fill(p.d_output, 1.0);
  c.backward({}, x.get(), p.d_output, view<double>{}, p.workspace);
  for (int k = 0; k < 3; ++k) {
    constexpr double h = 1e-5;
    auto plus = make_buffer(points.get()), minus = make_buffer(points.get());
    for (index_t i = 0; i < n; ++i) plus.get()(i, k) += h, minus.get()(i, k) -= h;
    const auto up = distances<double>(mesh, plus.get()), down = distances<double>(mesh, minus.get());
    for (index_t i = 0; i < n; ++i) {
      const auto at = static_cast<std::size_t>(i);
      REQUIRE(d_points.get()(i, k) == Approx((up[at] - down[at]) / (2 * h)).margin(1e-7));
    }
  }
}

TEMPLATE_TEST_CASE("the distance to a fine sphere is |p| - r", "[sdf]", float, double) {
  const double radius = 0.5;
  const auto points = test::random_points<TestType>(3000, 1, 3);
  const auto d = distances<TestType>(make_icosphere(5, radius), points.get());
  for (index_t i = 0; i < points.get().rows; ++i) {
    const double r = norm(load3(points.get(), i));
    REQUIRE(std::abs(static_cast<double>(d[static_cast<std::size_t>(i)]) - (r - radius)) <
            5e-4);  // distance between the facets and the sphere
  }
}

TEST_CASE("on the surface the gradient is the outward face normal", "[sdf]") {
  const auto mesh = make_box({2, 2, 2});
  buffer<double> points(2, 3), d_points(2, 3);
  store3(points.get(), 0, {1, 0.25, 0.5});  // inside a face in the plane x = 1
  store3(points.get(), 1, {0.3, 0.2, 1});   // inside a face in the plane z = 1
  const mesh_distance<double, serial> c(mesh, points.get(), {.sign = {}, .d_points = d_points.get()});
  const auto x = vertex_buffer<double>(mesh);
  buffer<double> d_x(x.get().rows, 3);
  planned<mesh_distance<double, serial>> p(c, x.get().extent());
  c.forward({}, x.get(), p.output, p.workspace);
  serial{}.fill(p.d_output, 1.0);
  c.backward({}, x.get(), p.d_output, d_x.get(), p.workspace);
  REQUIRE(std::abs(p.output[0]) == 0);
  REQUIRE(load3(d_points.get(), 0) == vec3<double>{1, 0, 0});
  REQUIRE(load3(d_points.get(), 1) == vec3<double>{0, 0, 1});
  vec3<double> sum{};
  for (index_t v = 0; v < x.get().rows; ++v) sum += load3(d_x.get(), v);
  REQUIRE(sum[0] == Approx(-1));  // the weights of a face sum to 1
  REQUIRE(sum[1] == Approx(0).margin(1e-15));
  REQUIRE(sum[2] == Approx(-1));
}

TEST_CASE("on the medial axis the closest face with the least index is chosen", "[sdf]") {
  const auto mesh = make_icosphere(2, 1.0);
  buffer<double> points(1, 3);  // the centre
  const mesh_distance<double, serial> c(mesh, points.get());
  const auto x = vertex_buffer<double>(mesh);
  planned<mesh_distance<double, serial>> p(c, x.get().extent());
  c.forward({}, x.get(), p.output, p.workspace);
  const test::fitted_tree<double> t(mesh);
  const auto expected = nearest_by_brute_force(t.queries(), stored_index{0},
                                               static_cast<stored_index>(mesh.face_count()), vec3<double>{});
  REQUIRE(p.workspace.face[0] == expected.face);
  REQUIRE(p.output[0] < 0);
}

TEST_CASE("a point that is not finite has the distance NaN and no gradient", "[sdf]") {
  const auto mesh = make_box({2, 2, 2});
  buffer<double> points(2, 3);
  store3(points.get(), 0, {NAN, 0, 0});
  store3(points.get(), 1, {0.5, 0.2, 0.1});
  const mesh_distance<double, serial> c(mesh, points.get());
  const auto x = vertex_buffer<double>(mesh);
  buffer<double> d_x(x.get().rows, 3);
  planned<mesh_distance<double, serial>> p(c, x.get().extent());
  c.forward({}, x.get(), p.output, p.workspace);
  REQUIRE(std::isnan(p.output[0]));
  REQUIRE(p.output[1] == Approx(-0.5));
  serial{}.fill(p.d_output, 1.0);
  c.backward({}, x.get(), p.d_output, d_x.get(), p.workspace);
  for (index_t i = 0; i < d_x.size(); ++i) REQUIRE(std::isfinite(d_x.data()[i]));
}

TEST_CASE("mesh_distance refuses wrong shapes", "[sdf]") {
  const auto mesh = make_box({2, 2, 2});
  buffer<double> points(4, 3), flat_points(4, 2), d_points(3, 3);
  using distance = mesh_distance<double, serial>;
  test::require_shape_error(distance(mesh.faces, points.get()), {7, 3});
  test::require_shape_error(distance(mesh.faces, points.get()), {8, 2});
  REQUIRE_THROWS_AS(distance(mesh.faces, flat_points.get()), error);
  REQUIRE_THROWS_AS(distance(mesh.faces, points.get(), {.sign = {}, .d_points = d_points.get()}), error);
}

TEST_CASE("a face that names no vertex is told in the user's words", "[sdf]") {
  auto mesh = make_icosphere<double>(1, 1.0);  // 42 vertices
  mesh.faces[3][1] = 42;
  const buffer<float> points(1, 3);
  REQUIRE_THROWS_WITH((mesh_distance<float, exec::serial>(mesh, points.get())),
                      "faces: expected vertex indices in [0, 42), got 42 in face 3");
}

TEMPLATE_TEST_CASE("points on the surface up to rounding get the normal of the surface", "[sdf]", float,
                   double) {
  using T = TestType;
  const auto mesh = make_icosphere(4, 1.0);
  const index_t n = 3000;
  const auto x = vertex_buffer<T>(mesh);
  const surface_cloud<T, serial> cloud(mesh.faces, {.count = n, .sigma = 0, .seed = 5});
  cloud.draw({}, x.get());
  buffer<T> points = make_buffer(cloud.points()), d_points(n, 3);
  for (index_t i = 0; i < 300; ++i) store3(points.get(), i, load3(view<const T>(x.get()), i));  // at vertices
  const mesh_distance<T, serial> c(mesh, points.get(), {.d_points = d_points.get()});
  planned<mesh_distance<T, serial>> p(c, x.get().extent());
  c.forward({}, x.get(), p.output, p.workspace);
  serial{}.fill(p.d_output, T(1));
  c.backward({}, x.get(), p.d_output, view<T>{}, p.workspace);
  for (index_t i = 0; i < n; ++i) {
    const auto at = load3(view<const T>(points.get()), i),
               direction = load3(view<const T>(d_points.get()), i);
    REQUIRE(norm(direction) == Approx(1));
    REQUIRE(dot(direction, at) >
            T(0.99));  // the normal of a facet is at most 5 degrees off that of the sphere
  }
}

TEST_CASE("a vertex that is not finite gives no distance and raises a flag", "[sdf]") {
  const auto mesh = make_torus(0.5, 0.2, 24, 12);
  const auto points = test::random_points<float>(200, 0.7, 2);
  iteration_flags<serial> flags;
  const mesh_distance<float, serial> c(mesh, points.get(), {.flags = flags.word()});
  auto x = vertex_buffer<float>(mesh);
  planned<mesh_distance<float, serial>> p(c, x.get().extent());
  c.forward({}, x.get(), p.output, p.workspace);
  REQUIRE(flags.take() == 0);
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    const float before = x.get()(40, 1);
    x.get()(40, 1) = bad;
    buffer<float> d_x(x.get().rows, 3);
    serial{}.fill(p.workspace.face, stored_index{-1});
    c.forward({}, x.get(), p.output, p.workspace);
    c.backward({}, x.get(), p.d_output, d_x.get(), p.workspace);
    for (const float d : p.output) REQUIRE(d != d);
    for (const float d : d_x.get()) REQUIRE(d == 0);
    REQUIRE(flags.take() == flag::point_not_finite);
    x.get()(40, 1) = before;
  }
  c.forward({}, x.get(), p.output, p.workspace);
  REQUIRE(flags.take() == 0);
  for (const float d : p.output) REQUIRE(d == d);
}

TEST_CASE("a component of faces alone accepts vertices that no face names", "[sdf]") {
  const auto mesh = make_box({1, 1, 1});
  const auto points = test::random_points(50, 1, 2);
  triangle_mesh<double> more = mesh;
  more.vertices.push_back({9, 9, 9});
  const mesh_distance<double, serial> c(mesh.faces, points.get());
  const auto x = vertex_buffer<double>(more);
  planned<mesh_distance<double, serial>> p(c, x.get().extent());
  c.forward({}, x.get(), p.output, p.workspace);
  const auto expected = distances<double>(mesh, points.get());
  REQUIRE(std::vector<double>(p.output.begin(), p.output.end()) == expected);
  buffer<double> d_x(9, 3);
  serial{}.fill(p.d_output, 1.0);
  c.backward({}, x.get(), p.d_output, d_x.get(), p.workspace);
  REQUIRE(load3(view<const double>(d_x.get()), 8) == vec3<double>{});
  REQUIRE_THROWS_WITH(c.output_extent({7, 3}), "mesh_distance: expected vertices of 8 x 3, got 7 x 3");
}
