// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Face normals, angles and angle-weighted vertex normals: closed forms, gradients, degenerate faces.
#include "diffam/mesh/normals.hpp"

#include "diffam/mesh/primitives.hpp"
#include "support/component_suite.hpp"
#include "support/emulated.hpp"

using namespace diffam;

namespace {

constexpr double formula = test::tolerance<double>::formula;
constexpr double pi = 3.14159265358979323846;

/// A torus with small random moves of its vertices, so that it has no symmetry.
triangle_mesh<double> bumpy_torus() {
  auto mesh = make_torus(1, 0.4, 30, 16);
  const auto noise = check::detail::random_vector(3 * mesh.vertex_count(), 5, 0);
  for (std::size_t v = 0; v < mesh.vertices.size(); ++v)
    for (int k = 0; k < 3; ++k) mesh.vertices[v][k] += 0.02 * noise[3 * v + static_cast<std::size_t>(k)];
  return mesh;
}

std::vector<double> flat(const triangle_mesh<double>& mesh) {
  std::vector<double> x;
  for (const auto& v : mesh.vertices) x.insert(x.end(), v.v, v.v + 3);
  return x;
}

template <class T>
buffer<T> normals_of(const triangle_mesh<double>& mesh, buffer<T>* d_vertices = nullptr) {
  vertex_normals<T, exec::serial> c(mesh.faces, mesh.vertex_count());
  const auto x = vertex_buffer<T>(mesh);
  planned<vertex_normals<T, exec::serial>> p(c, x.get().extent());
  c.forward({}, x.get(), p.output, p.workspace);
  if (d_vertices != nullptr) {
    *d_vertices = buffer<T>(x.get().rows, 3);
    std::fill_n(p.d_output.data, p.d_output.size(), T(1));
    c.backward({}, x.get(), p.d_output, d_vertices->get(), p.workspace);
  }
  return make_buffer(p.output);
}

}  // namespace

TEST_CASE("the 3-4-5 triangle has its area, normal and angles", "[mesh]") {
  // Legs 3 and 4 in the xy plane: area 6, tan of the angles 4/3 and 3/4.
  const vec3<double> a{0, 0, 7}, b{3, 0, 7}, c{0, 4, 7};
  REQUIRE(area_vector(a, b, c) == vec3<double>{0, 0, 6});
  const auto frame = make_face_frame(a, b, c);
  REQUIRE(frame.normal == vec3<double>{0, 0, 1});
  REQUIRE(frame.angle[0] == Approx(pi / 2).epsilon(formula));
  REQUIRE(frame.angle[1] == Approx(std::atan(4.0 / 3)).epsilon(formula));
  REQUIRE(frame.angle[2] == Approx(std::atan(3.0 / 4)).epsilon(formula));
  REQUIRE(corner_angle(b, c, a) == Approx(frame.angle[1]).epsilon(formula));
}

TEST_CASE("the derivative of a right angle follows from the arc tangent", "[mesh]") {
  // At a = 0, b = (x, 0, 0), c = (0, y, 0): moving b by (., e, .) rotates it by e / x towards c. Moving c by
  // (e, ., .) rotates it by e / y towards b. Other moves have no effect to first order.
  const vec3<double> a{0, 0, 0}, b{2, 0, 0}, c{0, 5, 0}, n{0, 0, 1};
  const auto d = corner_angle_pullback(a, b, c, n, 1.0);
  REQUIRE(norm(d.d_corner[1] - vec3<double>{0, -1.0 / 2, 0}) < formula);
  REQUIRE(norm(d.d_corner[2] - vec3<double>{-1.0 / 5, 0, 0}) < formula);
  REQUIRE(norm(d.d_corner[0] - vec3<double>{1.0 / 5, 1.0 / 2, 0}) < formula);
}

TEMPLATE_TEST_CASE("angles of a triangle sum to pi, also for thin triangles", "[mesh]", float, double) {
  const double eps = test::tolerance<TestType>::formula;
  for (TestType height : {TestType(1), TestType(1e-2), TestType(1e-5)}) {
    const auto f = make_face_frame<TestType>({0, 0, 0}, {1, 0, 0}, {TestType(0.3), height, 0});
    REQUIRE(std::abs(static_cast<double>(f.angle[0] + f.angle[1] + f.angle[2]) - pi) < 10 * eps);
    REQUIRE(static_cast<double>(norm(f.normal)) == Approx(1).epsilon(eps));
  }
}

TEST_CASE("the polynomial of upper_angle keeps its error bound", "[mesh]") {
  double worst = 0, smallest = 0;
  for (int i = -200000; i <= 200000; ++i) {
    const double angle = pi * (i + 200000) / 400000;
    const auto y = static_cast<float>(std::sin(angle)), x = static_cast<float>(std::cos(angle));
    const double exact = std::atan2(static_cast<double>(y), static_cast<double>(x));
    if (y < 0) continue;  // sin(pi) rounds below 0
    worst = std::max(worst, std::abs(static_cast<double>(upper_angle(y, x)) - exact));
  }
  for (float y : {1e-3f, 1e-6f, 1e-20f})
    smallest = std::max(smallest, std::abs(static_cast<double>(upper_angle(y, 1.0f) / y) - 1));
  CHECK(worst < 5e-7);  // the documented bound
  CHECK(smallest < 5e-7);
  CHECK(upper_angle(0.0f, 0.0f) == 0);
  CHECK(upper_angle(0.0f, -2.0f) == Approx(pi));
}

TEMPLATE_TEST_CASE("SIMD vectors of faces give the results of single faces", "[mesh]", float, double) {
  using many = lanes<TestType>;
  constexpr int count = many::count;
  const auto numbers = check::detail::random_vector(27 * count, 4, 0);
  const auto at = [&](int k, int l) {
    return static_cast<TestType>(numbers[static_cast<std::size_t>(k * count + l)]);
  };
  const auto one = [&](int k, int l) {
    if (l == 2 && k < 9) return vec3<TestType>{1, 2, 3};  // a face without area among the others
    return vec3<TestType>{at(k, l), at(k + 1, l), at(k + 2, l)};
  };
  const auto all = [&](int k) {
    TestType x[3][count];
    for (int l = 0; l < count; ++l)
      for (int j = 0; j < 3; ++j) x[j][l] = one(k, l)[j];
    return vec3<many>{many::load(x[0]), many::load(x[1]), many::load(x[2])};
  };
  const auto frames = make_face_frame(all(0), all(3), all(6));
  const vec3<many> g[3] = {all(9), all(12), all(15)};
  const auto d = face_frame_pullback(all(0), all(3), all(6), frames, g);
  for (int l = 0; l < count; ++l) {
    const vec3<TestType> a = one(0, l), b = one(3, l), c = one(6, l);
    const vec3<TestType> gl[3] = {one(9, l), one(12, l), one(15, l)};
    const auto f = make_face_frame(a, b, c);
    const auto dl = face_frame_pullback(a, b, c, f, gl);
    const double tolerance = 20 * test::tolerance<TestType>::formula;
    const auto lane = [&](const many& x) {
      TestType values[count];
      x.store(values);
      return static_cast<double>(values[l]);
    };
    for (int k = 0; k < 3; ++k) {
      REQUIRE(lane(frames.normal[k]) == Approx(f.normal[k]).margin(tolerance));
      REQUIRE(lane(frames.angle[k]) == Approx(f.angle[k]).margin(tolerance));
      for (int j = 0; j < 3; ++j)
        REQUIRE(lane(d.d_corner[j][k]) == Approx(dl.d_corner[j][k]).epsilon(tolerance).margin(tolerance));
    }
    if (l == 2) REQUIRE(norm(f.normal) + norm(f.angle) + norm(dl.d_corner[0]) == 0);
  }
}

TEST_CASE("face_frame_pullback equals the pullbacks of area vector and angles", "[mesh]") {
  const vec3<double> a{0.1, 0.2, -0.3}, b{1.3, 0.1, 0.2}, c{0.4, 0.9, 0.5};
  const vec3<double> g[3] = {{1, -2, 0.5}, {0.3, 0.7, -1}, {-0.6, 0.2, 0.9}};
  const auto f = make_face_frame(a, b, c);
  const auto got = face_frame_pullback(a, b, c, f, g);
  const vec3<double> d_n = g[0] * f.angle[0] + g[1] * f.angle[1] + g[2] * f.angle[2];
  auto expected = area_vector_pullback(a, b, c, normalized_pullback(area_vector(a, b, c), d_n));
  const vec3<double> corner[3] = {a, b, c};
  for (int k = 0; k < 3; ++k) {
    const auto at = corner_angle_pullback(corner[k], corner[(k + 1) % 3], corner[(k + 2) % 3], f.normal,
                                          dot(f.normal, g[k]));
    for (int j = 0; j < 3; ++j) expected.d_corner[(k + j) % 3] += at.d_corner[j];
  }
  for (int k = 0; k < 3; ++k) REQUIRE(norm(got.d_corner[k] - expected.d_corner[k]) < 10 * formula);
}

TEST_CASE("angle weights do not depend on the triangulation of a flat side", "[mesh]") {
  // Each corner of a box has three sides at 90 degrees, so its normal is (+-1, +-1, +-1) / sqrt(3) for any
  // choice of diagonals.
  const auto box = make_box({1, 2, 3});
  const auto n = normals_of<double>(box);
  for (index_t v = 0; v < 8; ++v)
    for (int k = 0; k < 3; ++k) {
      const double sign = box.vertices[static_cast<std::size_t>(v)][k] > 0 ? 1 : -1;
      REQUIRE(n.get()(v, k) == Approx(sign / std::sqrt(3.0)).epsilon(formula));
    }
}

TEMPLATE_TEST_CASE("vertex normals of a sphere converge to the radial directions", "[mesh]", float, double) {
  double previous = 0;
  for (int level = 2; level <= 4; ++level) {
    const auto mesh = make_icosphere(level, 3);
    const auto n = normals_of<TestType>(mesh);
    double worst = 0;
    for (index_t v = 0; v < mesh.vertex_count(); ++v)
      for (int k = 0; k < 3; ++k)
        worst = std::max(worst, std::abs(static_cast<double>(n.get()(v, k)) -
                                         mesh.vertices[static_cast<std::size_t>(v)][k] / 3));
    REQUIRE(worst < 0.1);
    if (level > 2) REQUIRE(previous / worst > 1.8);  // first order: some vertices are irregular
    previous = worst;
  }
}

TEST_CASE("vertex normals pass the component suite", "[mesh][component]") {
  const auto mesh = bumpy_torus();
  test::component_suite(
      [&](auto e) { return vertex_normals<double, decltype(e)>(mesh.faces, mesh.vertex_count()); },
      flat(mesh), {mesh.vertex_count(), 3});
}

TEST_CASE("vertex normals refuse a wrong number of vertices", "[mesh]") {
  const auto mesh = make_icosphere(1);
  test::require_shape_error(vertex_normals<float, exec::serial>(mesh.faces, 42), {41, 3});
  REQUIRE_THROWS_AS((vertex_normals<float, exec::serial>(mesh.faces, 41)), error);
}

TEMPLATE_TEST_CASE("faces without area contribute nothing and are never NaN", "[mesh]", float, double) {
  auto mesh = make_icosphere(2);
  const auto expected = normals_of<TestType>(mesh);
  buffer<TestType> d_expected, d_vertices;
  normals_of<TestType>(mesh, &d_expected);
  const auto same = [&] {
    const auto n = normals_of<TestType>(mesh, &d_vertices);
    for (index_t i = 0; i < expected.size(); ++i) {
      REQUIRE(n.data()[i] == expected.data()[i]);
      REQUIRE(d_vertices.data()[i] == d_expected.data()[i]);
    }
    for (index_t i = 0; i < n.size(); ++i) {
      REQUIRE(std::isfinite(n.data()[i]));
      REQUIRE(std::isfinite(d_vertices.data()[i]));
    }
  };
  SECTION("a vertex twice") {
    mesh.faces.push_back({0, 0, 1});
  }
  SECTION("one vertex three times") {
    mesh.faces.push_back({5, 5, 5});
  }
  SECTION("two vertices in one place") {
    mesh.vertices.push_back(mesh.vertices[0]);
    mesh.faces.push_back({0, static_cast<stored_index>(mesh.vertex_count() - 1), 1});
  }
  SECTION("three vertices in a line") {
    for (double x : {0.0, 1.0, 2.0}) mesh.vertices.push_back({x, x, x});
    const auto last = static_cast<stored_index>(mesh.vertex_count() - 1);
    mesh.faces.push_back({last - 2, last - 1, last});
  }
  SECTION("a triangle too small for the scalar type") {
    for (int k = 0; k < 3; ++k)
      mesh.vertices.push_back({k == 0 ? 1e-25 : 0.0, k == 1 ? 1e-25 : 0.0, k == 2 ? 1e-25 : 0.0});
    const auto last = static_cast<stored_index>(mesh.vertex_count() - 1);
    mesh.faces.push_back({last - 2, last - 1, last});
  }
  same();
}

TEST_CASE("vertex normals computed face by face, as on a GPU, agree with SIMD", "[mesh]") {
  const auto mesh = make_icosphere(2, 1.0);  // 320 faces
  const auto start = vertex_buffer<double>(mesh);
  auto x = check::detail::random_vector(start.size(), 9, 0);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = start.data()[i] + 0.05 * x[i];
  const extent in = start.get().extent();
  const auto make = [&](auto e) {
    return vertex_normals<double, decltype(e)>(mesh.faces, mesh.vertex_count());
  };
  static_assert(exec::lanes_per_index<double, test::emulated> == 1);
  const auto expected = test::run_once(make(exec::serial{}), exec::serial{}, x, in);
  const auto found = test::run_once(make(test::emulated{}), test::emulated{}, x, in);
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    REQUIRE(std::abs(found[i] - expected[i]) < test::tolerance<double>::device);
}
