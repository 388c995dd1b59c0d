// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Inside and outside: winding numbers against known values, and the sign policies against each other.
#include "diffam/sdf/sign.hpp"

#include <ctime>

#include "sdf/fixtures.hpp"

using namespace diffam;

namespace {

/// Points around a surface, drawn as a fit draws them.
template <class T>
buffer<T> points_around(const test::fitted_tree<T>& t, const std::vector<face>& faces, index_t n,
                        double sigma) {
  const surface_cloud<T, exec::serial> cloud(faces, {.count = n, .sigma = sigma, .seed = 3});
  cloud.draw({}, t.vertices.get());
  return make_buffer(cloud.points());
}

template <class T, class Sign>
index_t wrong_signs(const test::fitted_tree<T>& t, const buffer<T>& points, const Sign& sign) {
  const tree_view<T> q = t.queries();
  index_t wrong = 0;
  for (index_t i = 0; i < points.get().rows; ++i) {
    const auto p = load3(points.get(), i);
    const bool expected = q.box_contains(0, p) && exact_winding{}.inside(q, 0, p);
    const bool found = q.box_contains(0, p) && sign.inside(q, 0, p);
    wrong += expected != found ? 1 : 0;
  }
  return wrong;
}

}  // namespace

TEMPLATE_TEST_CASE("the winding number is 1 inside and 0 outside of a sphere", "[sdf]", float, double) {
  using T = TestType;
  const double radius = 0.5;
  const test::fitted_tree<T> t(make_icosphere(4, radius));
  const auto points = test::random_points<T>(2000, 1, 1);
  const tree_view<T> q = t.queries();
  for (index_t i = 0; i < points.get().rows; ++i) {
    const auto p = load3(points.get(), i);
    const double r = norm(load3(points.get(), i));
    if (std::abs(r - radius) < 0.01) continue;  // p may lie between the facets and the sphere
    const double w = r < radius ? 1 : 0;
    REQUIRE(std::abs(static_cast<double>(exact_winding_number(q, 0, p)) - w) <
            test::tolerance<T>::formula * 100);
    REQUIRE(std::abs(static_cast<double>(winding_number(q, 0, p, T(2))) - w) < 0.02);
    REQUIRE(barnes_hut_winding{}.inside(q, 0, p) == (r < radius));
    REQUIRE(pseudo_normal{}.inside(q, 0, p) == (r < radius));
  }
}

TEST_CASE("with all faces near, the winding number is exact", "[sdf]") {
  for (const auto& mesh :
       {make_torus(0.5, 0.2, 24, 12), test::self_intersecting_torus(), make_box({1, 1, 1})}) {
    const test::fitted_tree<double> t(mesh);
    const auto points = test::random_points(500, 0.8, 2);
    for (index_t i = 0; i < 500; ++i) {
      const auto p = load3(points.get(), i);
      REQUIRE(winding_number(t.queries(), 0, p, 1e6) ==
              Approx(exact_winding_number(t.queries(), 0, p)).margin(1e-12));
    }
  }
}

TEMPLATE_TEST_CASE("several groups of lanes compute the same winding number as one", "[sdf]", float, double) {
  using T = TestType;
  const double within = sizeof(T) == 4 ? 1e-5 : 1e-13;
  const auto mesh = make_torus(0.5, 0.2, 60, 30);
  const test::fitted_tree<T> t(mesh);
  const tree_view<T> q = t.queries();
  const auto points = points_around(t, mesh.faces, 500, 0.1);
  for (index_t i = 0; i < points.get().rows; ++i) {
    const auto p = load3(points.get(), i);
    const double one = winding_number(q, 0, p, T(1));
    REQUIRE(std::abs(winding_number<2>(q, 0, p, T(1)) - one) < within);
    REQUIRE(std::abs(winding_number<4>(q, 0, p, T(1)) - one) < within);
    REQUIRE(barnes_hut_winding{}.inside<4>(q, 0, p) == barnes_hut_winding{}.inside(q, 0, p));
  }
}

TEST_CASE("a point that a surface encloses twice has the winding number 2 and is inside", "[sdf]") {
  triangle_mesh<double> twice = make_box({1, 1, 1});
  const triangle_mesh<double> other = test::shifted(make_box({1, 1, 1}), {0.5, 0, 0});
  for (const auto& v : other.vertices) twice.vertices.push_back(v);
  for (const auto& f : other.faces) twice.faces.push_back({f[0] + 8, f[1] + 8, f[2] + 8});
  const test::fitted_tree<double> t(twice);
  const vec3<double> one{-0.25, 0.1, 0.1}, both{0.25, 0.1, 0.1}, none{1.25, 0.1, 0.1};
  REQUIRE(exact_winding_number(t.queries(), 0, one) == Approx(1));
  REQUIRE(exact_winding_number(t.queries(), 0, both) == Approx(2));
  REQUIRE(exact_winding_number(t.queries(), 0, none) == Approx(0).margin(1e-12));
  REQUIRE(barnes_hut_winding{}.inside(t.queries(), 0, both));
}

TEST_CASE("Barnes-Hut gives the exact sign at 100,000 points", "[sdf]") {
  const auto check = [](const triangle_mesh<double>& mesh, double sigma) {
    const test::fitted_tree<float> t(mesh);
    return wrong_signs(t, points_around(t, mesh.faces, 50000, sigma), barnes_hut_winding{});
  };
  SECTION("around a torus") {
    REQUIRE(check(make_torus(0.5, 0.2, 40, 20), 0.15) == 0);
  }
  SECTION("around a surface that intersects itself") {
    REQUIRE(check(test::self_intersecting_torus(), 0.05) == 0);
  }
}

TEST_CASE("the pseudo-normal gives the sign of a surface without self-intersections", "[sdf]") {
  for (const auto& mesh : {make_torus(0.5, 0.2, 24, 12), make_box({1, 1, 1})}) {
    const test::fitted_tree<double> t(mesh);
    REQUIRE(wrong_signs(t, points_around(t, mesh.faces, 5000, 0.15), pseudo_normal{}) == 0);
  }
}

namespace {

/// The faces for which `kept` holds at their centroid.
template <class Kept>
triangle_mesh<double> part_of(triangle_mesh<double> mesh, const Kept& kept) {
  std::erase_if(mesh.faces, [&](const face& f) {
    vec3<double> sum{};
    for (int k = 0; k < 3; ++k) sum += mesh.vertices[static_cast<std::size_t>(f[k])];
    return !kept(sum * (1.0 / 3));
  });
  return mesh;
}

/// The faces without common vertices, each moved a little.
triangle_mesh<double> soup_of(const triangle_mesh<double>& mesh) {
  triangle_mesh<double> soup;
  for (const face& f : mesh.faces) {
    const auto first = static_cast<stored_index>(soup.vertices.size());
    for (int k = 0; k < 3; ++k) soup.vertices.push_back(mesh.vertices[static_cast<std::size_t>(f[k])]);
    soup.faces.push_back({first, first + 1, first + 2});
  }
  return test::jitter(soup, 0.01, 7);
}

/// Meshes whose winding numbers are not whole, and meshes that break the rules in other ways.
std::vector<std::pair<const char*, triangle_mesh<double>>> messy_meshes() {
  const auto torus = make_torus(0.5, 0.2, 60, 30);
  triangle_mesh<double> flipped = torus, doubled = torus, nested = make_icosphere(3, 0.5);
  for (std::size_t f = 0; f < flipped.faces.size(); f += 9)
    std::swap(flipped.faces[f][1], flipped.faces[f][2]);
  for (std::size_t f = 0; f < 900; ++f) doubled.faces.push_back(torus.faces[f]);  // edges of four faces
  const auto inner = make_icosphere(3, 0.3);
  for (const auto& v : inner.vertices) nested.vertices.push_back(v);
  const auto first = static_cast<stored_index>(nested.vertices.size() - inner.vertices.size());
  for (std::size_t f = 0; f + 40 < inner.faces.size(); ++f) {
    const face& t = inner.faces[f];
    nested.faces.push_back({t[0] + first, t[2] + first, t[1] + first});
  }
  return {
      {"half a sphere", part_of(make_icosphere(4, 0.5), [](const auto& c) { return c[2] > 0; })},
      {"half a torus", part_of(torus, [](const auto& c) { return c[1] > 0; })},
      {"a torus with holes", part_of(torus, [](const auto& c) { return std::sin(40 * c[0] * c[1]) < 0.9; })},
      {"soup", soup_of(torus)},
      {"edges of four faces", doubled},
      {"every ninth face flipped", flipped},
      {"a sphere within a sphere, with a hole", nested}};
}

}  // namespace

TEMPLATE_TEST_CASE("the bound of the winding number's error holds", "[sdf]", float, double) {
  using T = TestType;
  for (const auto& [name, mesh] : messy_meshes()) {
    INFO(name);
    const test::fitted_tree<T> t(mesh);
    const tree_view<T> q = t.queries();
    REQUIRE(q.dipole_errors != nullptr);
    const auto points = points_around(t, mesh.faces, 300, 0.15);
    for (index_t i = 0; i < points.get().rows; ++i) {
      const auto p = load3(points.get(), i);
      const double exact = exact_winding_number(q, 0, p), rounding = sizeof(T) == 4 ? 1e-5 : 1e-13;
      REQUIRE(std::abs(winding_number_of_leaves(q, 0, p) - exact) < rounding);
      for (const double tolerance : {0.1, 0.01, 1e-3, 1e-5}) {
        const auto w = winding_number_within(q, 0, p, static_cast<T>(tolerance));
        REQUIRE(std::abs(w.value - exact) < w.error + rounding);
        REQUIRE(std::abs(winding_number_within<4>(q, 0, p, static_cast<T>(tolerance)).value - w.value) <
                rounding);
      }
    }
  }
}

TEMPLATE_TEST_CASE("signs of open, holed, flipped and non-manifold meshes are those of exact winding numbers",
                   "[sdf]", float, double) {
  using T = TestType;
  for (const auto& [name, mesh] : messy_meshes()) {
    INFO(name);
    const test::fitted_tree<T> t(mesh);
    auto points = points_around(t, mesh.faces, 3000, 0.15);
    const tree_view<T> q = t.queries();
    index_t inside = 0, wrong = 0;
    for (index_t i = 0; i < points.get().rows; ++i) {
      const auto p = load3(points.get(), i);
      const T w = exact_winding_number(q, 0, p);
      if (std::abs(w - T(0.5)) < T(1e-5)) continue;  // rounding decides
      inside += w > T(0.5) ? 1 : 0;
      wrong += barnes_hut_winding{}.inside(q, 0, p) != (w > T(0.5)) ? 1 : 0;
      wrong += barnes_hut_winding{}.template inside<4>(q, 0, p) != (w > T(0.5)) ? 1 : 0;
    }
    REQUIRE(inside > 100);
    REQUIRE(wrong == 0);
  }
}

TEST_CASE("the sign at a point of an open mesh visits a small part of its faces", "[sdf]") {
  // With w between 1/4 and 3/4 at most points, a sum over all faces would take thousands of times longer.
  const auto mesh = part_of(make_torus(0.5, 0.2, 400, 200), [](const auto& c) { return c[2] > 0; });
  const test::fitted_tree<float> t(mesh);
  const tree_view<float> q = t.queries();
  const auto points = points_around(t, mesh.faces, 2000, 0.1);
  const auto seconds = [&](const auto& inside) {
    const clock_t begin = std::clock();
    index_t count = 0;
    for (index_t i = 0; i < points.get().rows; ++i) {
      const auto p = load3(points.get(), i);
      if (q.box_contains(0, p)) count += inside(p) ? 1 : 0;
    }
    REQUIRE(count > 0);
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  };
  const double refined = seconds([&](const auto& p) { return barnes_hut_winding{}.inside(q, 0, p); });
  const double all = seconds([&](const auto& p) { return winding_number_of_leaves(q, 0, p) > 0.5f; });
  REQUIRE(refined < all / 10);
}
