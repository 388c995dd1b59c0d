// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// All pairs of faces that intersect are found, and no others.
#include "diffam/mesh/self_intersections.hpp"

#include <limits>

#include "diffam/mesh/primitives.hpp"
#include "support/catch.hpp"

using namespace diffam;

namespace {

/// Number of intersections of two triangles without a common vertex.
std::size_t meeting(const std::vector<vec3<double>>& six) {
  return self_intersections(triangle_mesh<>{six, {{0, 1, 2}, {3, 4, 5}}}).size();
}

triangle_mesh<> together(triangle_mesh<> a, const triangle_mesh<>& b, const vec3<double>& shift) {
  const auto first = static_cast<stored_index>(a.vertex_count());
  for (const auto& v : b.vertices) a.vertices.push_back(v + shift);
  for (const face& f : b.faces) a.faces.push_back({f[0] + first, f[1] + first, f[2] + first});
  return a;
}

}  // namespace

TEST_CASE("surfaces of solids have no self-intersections", "[mesh]") {
  CHECK(self_intersections(make_icosphere(3)).empty());
  CHECK(self_intersections(make_torus(2, 0.7, 24, 16)).empty());
  CHECK(self_intersections(make_box({1, 2, 3})).empty());
  CHECK(self_intersections({}).empty());
  CHECK(self_intersections(together(make_box({1, 1, 1}), make_box({1, 1, 1}), {1.01, 0, 0})).empty());
}

TEST_CASE("two triangles meet exactly if they cross or touch", "[mesh]") {
  const vec3<double> a{0, 0, 0}, b{4, 0, 0}, c{0, 4, 0};
  CHECK(meeting({a, b, c, {1, 1, -1}, {1, 1, 1}, {9, 9, 0.5}}) == 1);     // an edge passes through the inside
  CHECK(meeting({a, b, c, {3, 3, -1}, {3, 3, 1}, {9, 9, 0.5}}) == 0);     // outside of the long edge
  CHECK(meeting({a, b, c, {1, 1, 0.1}, {2, 1, 1}, {1, 2, 1}}) == 0);      // above
  CHECK(meeting({a, b, c, {1, 1, 0}, {2, 1, 1}, {1, 2, 1}}) == 1);        // touching counts
  CHECK(meeting({a, b, c, {1, 1, 0}, {2, 1, 0}, {1, 2, 0}}) == 1);        // in one plane, inside
  CHECK(meeting({a, b, c, {5, 5, 0}, {6, 5, 0}, {5, 6, 0}}) == 0);        // in one plane, apart
  CHECK(meeting({a, b, c, {-1, 1, 0}, {5, 1, 0}, {2, 1.5, 0}}) == 1);     // in one plane, passing through
  CHECK(meeting({a, b, c, {-1, -1, -1}, {-1, -1, 1}, {8, -1, 0}}) == 0);  // beside
}

TEST_CASE("neighbours count only if they meet outside of their common vertex or edge", "[mesh]") {
  // Two faces at vertex 0: apart, flat beside each other, and one through the other.
  const auto at_vertex = [](const vec3<double>& p, const vec3<double>& q) {
    return self_intersections(
               triangle_mesh<>{{{0, 0, 0}, {4, 0, 0}, {0, 4, 0}, p, q}, {{0, 1, 2}, {0, 3, 4}}})
        .size();
  };
  CHECK(at_vertex({1, 1, 3}, {2, 1, 3}) == 0);
  CHECK(at_vertex({-1, 0, 0}, {0, -1, 0}) == 0);
  CHECK(at_vertex({1, 1, 1}, {1, 1, -1}) == 1);
  CHECK(at_vertex({1, 0.5, 0}, {0.5, 1, 0}) == 1);
  // Two faces at edge 0 1: flat, folded up, and folded flat onto each other.
  const auto at_edge = [](const vec3<double>& p) {
    return self_intersections(triangle_mesh<>{{{0, 0, 0}, {4, 0, 0}, {1, 4, 0}, p}, {{0, 1, 2}, {1, 0, 3}}})
        .size();
  };
  CHECK(at_edge({2, -3, 0}) == 0);
  CHECK(at_edge({2, 3, 0.1}) == 0);
  CHECK(at_edge({2, 3, 0}) == 1);
}

TEST_CASE("a vertex pulled through the other side and overlapping solids are found", "[mesh]") {
  auto sphere = make_icosphere(2);
  sphere.vertices[0] *= -1.5;
  CHECK_FALSE(self_intersections(sphere).empty());
  CHECK_FALSE(self_intersections(make_torus(1, 1.2, 24, 16)).empty());

  // Two boxes that overlap at a corner intersect along a closed curve. Each crossing is found once.
  const auto boxes = together(make_box({2, 2, 2}), make_box({2, 2, 2}), {0.7, 0.9, 1.1});
  const auto pairs = self_intersections(boxes);
  CHECK(pairs.size() >= 6);  // six pairs of sides cross
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    CHECK(pairs[i].first < 12);
    CHECK(pairs[i].second >= 12);
    if (i > 0) CHECK(pairs[i - 1] < pairs[i]);
  }
  // Position, size and the order of the faces do not matter.
  auto other = boxes;
  for (auto& v : other.vertices) v = v * 37.0 + vec3<double>{1000, -500, 3};
  CHECK(self_intersections(other) == pairs);
  std::reverse(other.faces.begin(), other.faces.end());
  CHECK(self_intersections(other).size() == pairs.size());
}

TEST_CASE("meshes that cannot be tested are refused", "[mesh]") {
  auto mesh = make_box({1, 1, 1});
  mesh.vertices[3][1] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(self_intersections(mesh), error);
  mesh = make_box({1, 1, 1});
  mesh.faces[2][0] = 8;
  CHECK_THROWS_AS(self_intersections(mesh), error);
}
