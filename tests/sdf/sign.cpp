// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Inside and outside: winding numbers against known values, and the sign policies against each other.
#include "diffam/sdf/sign.hpp"

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
