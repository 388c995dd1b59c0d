// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The zero level set of implicit shapes is closed, outward, and at the right place.
#include "diffam/image/marching_tetrahedra.hpp"

#include <catch2/catch.hpp>

#include "diffam/mesh/check.hpp"

using namespace diffam;

namespace {

grid cube_of(index_t corners, double spacing) {
  grid g;
  g.size = {corners, corners, corners};
  for (int a = 0; a < 3; ++a) {
    g.axes.row[a] = g.axes.row[a] * spacing;
    g.origin[a] = -spacing * static_cast<double>(corners - 1) / 2;
  }
  return g;
}

}  // namespace

TEST_CASE("the mesh of a sphere is closed, outward and round", "[image][marching]") {
  const double radius = 10;
  const auto mesh =
      marching_tetrahedra([&](const vec3<double>& p) { return norm(p) - radius; }, cube_of(31, 0.8));
  const mesh_report r = check_mesh(mesh);
  CHECK(r.ok());
  CHECK(r.genus == 0);
  CHECK(r.components == 1);
  CHECK(r.volume == Approx(4.0 / 3 * M_PI * radius * radius * radius).epsilon(0.01));
  for (const auto& v : mesh.vertices) REQUIRE(std::abs(norm(v) - radius) < 0.1);
}

TEST_CASE("a torus has genus 1, and two balls are two components", "[image][marching]") {
  const auto ring = [](const vec3<double>& p) {
    const double across = std::hypot(p[0], p[1]) - 8;
    return std::hypot(across, p[2]) - 3;
  };
  CHECK(check_mesh(marching_tetrahedra(ring, cube_of(41, 0.7))).genus == 1);
  const auto balls = [](const vec3<double>& p) {
    return std::min(norm(p - vec3<double>{0, 0, 8}), norm(p + vec3<double>{0, 0, 8})) - 4;
  };
  const mesh_report two = check_mesh(marching_tetrahedra(balls, cube_of(41, 0.7)));
  CHECK(two.ok());
  CHECK(two.components == 2);
}

TEST_CASE("with grid corners exactly on the surface, every triangle has an area", "[image][marching]") {
  const auto box = [](const vec3<double>& p) {
    return std::max({std::abs(p[0]), std::abs(p[1]), std::abs(p[2])}) - 3;
  };
  const mesh_report r = check_mesh(marching_tetrahedra(box, cube_of(11, 1)));
  CHECK(r.ok());
  CHECK(r.degenerate_faces == 0);
}

TEST_CASE("a grid with less than one cell gives no surface", "[image][marching]") {
  const auto inside = [](const vec3<double>&) { return -1.0; };
  CHECK(marching_tetrahedra(inside, cube_of(1, 1)).faces.empty());
  CHECK(marching_tetrahedra(inside, cube_of(0, 1)).faces.empty());
}
