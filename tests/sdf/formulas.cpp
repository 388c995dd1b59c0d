// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Formulas of one point and one triangle: results computed by hand for the triangle (0,0,0), (2,0,0),
// (0,1,0), and a dense search for other triangles.
#include "diffam/sdf/formulas.hpp"

#include "sdf/fixtures.hpp"

using namespace diffam;

namespace {

using v = vec3<double>;
constexpr double exact = test::tolerance<double>::formula;
const v a{0, 0, 0}, b{2, 0, 0}, c{0, 1, 0};

void require_closest(const v& p, const v& closest, const v& bary, triangle_feature feature) {
  const auto r = closest_on_triangle(p, a, b, c);
  for (int k = 0; k < 3; ++k) {
    REQUIRE(r.offset[k] == Approx(p[k] - closest[k]).margin(exact));
    REQUIRE(r.bary[k] == Approx(bary[k]).margin(exact));
  }
  REQUIRE(r.squared_distance == Approx(squared_norm(p - closest)).margin(exact));
  REQUIRE(r.feature == feature);
}

}  // namespace

TEST_CASE("the closest point of a triangle in each of its seven regions", "[sdf]") {
  using f = triangle_feature;
  require_closest({0.5, 0.25, 3}, {0.5, 0.25, 0}, {0.5, 0.25, 0.25}, f::interior);
  require_closest({0.5, 0.25, -3}, {0.5, 0.25, 0}, {0.5, 0.25, 0.25}, f::interior);
  require_closest({-1, -1, 1}, {0, 0, 0}, {1, 0, 0}, f::vertex_0);
  require_closest({4, -1, 1}, {2, 0, 0}, {0, 1, 0}, f::vertex_1);
  require_closest({-1, 3, 1}, {0, 1, 0}, {0, 0, 1}, f::vertex_2);
  require_closest({0.5, -2, 1}, {0.5, 0, 0}, {0.75, 0.25, 0}, f::edge_01);
  require_closest({2, 2.5, 1}, {1, 0.5, 0}, {0, 0.5, 0.5},
                  f::edge_12);  // along the normal (1, 2) from the middle
  require_closest({-2, 0.25, 1}, {0, 0.25, 0}, {0.75, 0, 0.25}, f::edge_20);
}

TEST_CASE("the closest point of a random triangle agrees with a dense search", "[sdf]") {
  const auto corners = test::random_points(600, 1, 1);
  for (index_t t = 0; t < 150; ++t) {
    const v p = load3(corners.get(), 4 * t), x = load3(corners.get(), 4 * t + 1);
    v y = load3(corners.get(), 4 * t + 2), z = load3(corners.get(), 4 * t + 3);
    if (t % 5 == 1) z = x;                             // a segment
    if (t % 5 == 2) y = x, z = x;                      // a point
    if (t % 5 == 3) z = x * 0.3 + y * 0.7;             // three points in a line
    if (t % 5 == 4) z = x * 0.3 + y * 0.7 + z * 1e-9;  // a needle
    const auto r = closest_on_triangle(p, x, y, z);
    REQUIRE(squared_norm(r.offset) == Approx(r.squared_distance).margin(exact));
    REQUIRE(r.bary[0] + r.bary[1] + r.bary[2] == Approx(1).margin(exact));
    const v q = x * r.bary[0] + y * r.bary[1] + z * r.bary[2];
    REQUIRE(norm(p - q - r.offset) < 1e3 * exact);
    double least = HUGE_VAL;
    constexpr int steps = 60;
    for (int i = 0; i <= steps; ++i)
      for (int j = 0; i + j <= steps; ++j) {
        const v s = x + (y - x) * (double(i) / steps) + (z - x) * (double(j) / steps);
        least = std::min(least, norm(p - s));
      }
    const double d = std::sqrt(r.squared_distance);
    REQUIRE(d <= least + exact);
    REQUIRE(least - d < 0.05);  // the spacing of the grid of sample points
  }
}

TEST_CASE("on the surface the gradient of the distance is the face normal", "[sdf]") {
  const v p{0.5, 0.25, 0};
  const auto r = closest_on_triangle(p, a, b, c);
  const v n = distance_direction(r.offset, 1.0, 0.0, [&] { return cross(b - a, c - a); });
  REQUIRE(n == v{0, 0, 1});
  const v inward = distance_direction(v{0, 0, -2}, -1.0, 0.0, [&] { return cross(b - a, c - a); });
  REQUIRE(inward == v{0, 0, 1});  // inside, the (negative) distance grows towards the surface, so the
                                  // gradient points outwards
}

TEST_CASE("solid angles of an octant, a distant patch and degenerate triangles", "[sdf]") {
  const double pi = std::acos(-1.0);
  const v x{1, 0, 0}, y{0, 1, 0}, z{0, 0, 1};
  REQUIRE(solid_angle(x, y, z) == Approx(pi / 2).epsilon(exact));  // an octant has 4 pi / 8; the normal
                                                                   // points away from the origin
  REQUIRE(solid_angle(y, x, z) == Approx(-pi / 2).epsilon(exact));
  REQUIRE(solid_angle(x, x, z) == 0);
  REQUIRE(solid_angle(v{}, x, z) == 0);
  const v far{0, 0, 50};
  const v p0{-0.1, -0.1, 50}, p1{0.1, -0.1, 50}, p2{0, 0.2, 50};
  const v n = cross(p1 - p0, p2 - p0) * 0.5;
  REQUIRE(dipole_solid_angle(v{}, far, n) == Approx(solid_angle(p0, p1, p2)).epsilon(1e-4));
  REQUIRE(dipole_solid_angle(far, far, n) == 0);
}

TEST_CASE("distance to a box", "[sdf]") {
  const v lo{0, 0, 0}, hi{1, 2, 3};
  REQUIRE(squared_box_distance(v{0.5, 1, 1}, lo, hi) == 0);
  REQUIRE(squared_box_distance(v{2, 1, 1}, lo, hi) == 1);
  REQUIRE(squared_box_distance(v{-1, 4, 6}, lo, hi) == 1 + 4 + 9);
}
