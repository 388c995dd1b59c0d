// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Mesh checks: all defects are found, counted and named; correct meshes pass.
#include "diffam/mesh/check.hpp"

#include "diffam/mesh/mesh_stack.hpp"
#include "diffam/mesh/primitives.hpp"
#include "support/golden.hpp"
#include "support/tolerance.hpp"

using namespace diffam;

namespace {

constexpr double formula = test::tolerance<double>::formula;

std::string message_of(const triangle_mesh<>& mesh) {
  try {
    require_closed_mesh(mesh, "template L3.ply");
  } catch (const error& e) {
    REQUIRE(e.kind() == error_kind::bad_data);
    return e.what();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("primitives are closed, face outward and have the right genus", "[mesh]") {
  const auto sphere = check_mesh(make_icosphere(2));
  REQUIRE(sphere.ok());
  REQUIRE(sphere.vertices == 162);
  REQUIRE(sphere.faces == 320);
  REQUIRE(sphere.genus == 0);
  REQUIRE(sphere.components == 1);
  const auto torus = check_mesh(make_torus(1, 0.4, 20, 12));
  REQUIRE(torus.ok());
  REQUIRE(torus.genus == 1);
  const auto box = check_mesh(make_box<float>({1, 2, 3}));
  REQUIRE(box.ok());
  REQUIRE(box.volume == Approx(6).epsilon(formula));
  REQUIRE(box.area == Approx(22).epsilon(formula));
}

TEST_CASE("area and volume of a sphere converge with the square of the edge length", "[mesh]") {
  const double pi = 3.14159265358979323846, r = 2;
  double previous_area = 0, previous_volume = 0;
  for (int level = 2; level <= 5; ++level) {
    const auto report = check_mesh(make_icosphere(level, r));
    const double area = 1 - report.area / (4 * pi * r * r);
    const double volume = 1 - report.volume / (4 * pi * r * r * r / 3);
    REQUIRE(area > 0);
    REQUIRE(volume > area);  // an inscribed mesh loses more volume than area
    if (level > 2) {
      REQUIRE(previous_area / area == Approx(4).epsilon(0.05));
      REQUIRE(previous_volume / volume == Approx(4).epsilon(0.05));
    }
    previous_area = area, previous_volume = volume;
  }
}

TEST_CASE("the volume does not depend on the position of the mesh", "[mesh]") {
  auto mesh = make_torus(1, 0.4, 20, 12);
  const double volume = check_mesh(mesh).volume;
  for (auto& v : mesh.vertices) v += vec3<double>{1e4, -2e4, 3e4};
  REQUIRE(check_mesh(mesh).volume == Approx(volume).epsilon(1e-9));
}

TEST_CASE("every defect is counted and named", "[mesh]") {
  const auto good = make_icosphere(1);
  REQUIRE(message_of(good).empty());
  auto mesh = good;

  SECTION("a hole") {
    mesh.faces.pop_back();
    const auto r = check_mesh(mesh);
    REQUIRE(r.boundary_edges == 3);
    REQUIRE_FALSE(r.closed());
    REQUIRE(r.genus == -1);
    REQUIRE(contains(message_of(mesh),
                     "template L3.ply: expected a closed mesh with outward faces, got 3 boundary edges"));
  }
  SECTION("a face the other way round") {
    std::swap(mesh.faces[7][0], mesh.faces[7][1]);
    const auto r = check_mesh(mesh);
    REQUIRE(r.closed());
    REQUIRE(r.inconsistent_edges == 3);
    REQUIRE(contains(message_of(mesh), "3 edges between faces of opposite orientation"));
  }
  SECTION("inside out") {
    for (auto& f : mesh.faces) std::swap(f[0], f[1]);
    REQUIRE(check_mesh(mesh).oriented());
    REQUIRE(contains(message_of(mesh), "faces that point inward"));
    REQUIRE(flip_if_inside_out(mesh));
    REQUIRE(message_of(mesh).empty());
    REQUIRE_FALSE(flip_if_inside_out(mesh));
  }
  SECTION("a face twice") {
    const face f = mesh.faces[3];
    mesh.faces.push_back({f[1], f[2], f[0]});
    const auto r = check_mesh(mesh);
    REQUIRE(r.duplicate_faces == 1);
    REQUIRE(r.nonmanifold_edges == 3);
    REQUIRE(contains(message_of(mesh), "1 duplicate face"));
  }
  SECTION("a face without area") {
    mesh.vertices[static_cast<std::size_t>(mesh.faces[0][0])] =
        mesh.vertices[static_cast<std::size_t>(mesh.faces[0][1])];
    REQUIRE(check_mesh(mesh).degenerate_faces == 2);  // both faces at the collapsed edge
    REQUIRE(contains(message_of(mesh), "2 faces without area"));
  }
  SECTION("an index that names nothing") {
    mesh.faces[2][1] = 4200;
    REQUIRE(check_mesh(mesh).bad_indices == 1);
    REQUIRE(contains(message_of(mesh), "1 corner that names no vertex"));
  }
  SECTION("a vertex that is not a number") {
    mesh.vertices[5][2] = std::nan("");
    REQUIRE(check_mesh(mesh).nonfinite_vertices == 1);
    REQUIRE(contains(message_of(mesh), "1 vertex that is not finite"));
  }
  SECTION("nothing at all") {
    mesh = {};
    REQUIRE(contains(message_of(mesh), "no faces"));
  }
  SECTION("a vertex in no face is no defect") {
    mesh.vertices.push_back({5, 5, 5});
    const auto r = check_mesh(mesh);
    REQUIRE(r.ok());
    REQUIRE(r.unused_vertices == 1);
    REQUIRE(r.components == 1);
    REQUIRE(r.genus == 0);
  }
}

TEST_CASE("a stack of meshes has the sum of their components and genera", "[mesh]") {
  std::vector<triangle_mesh<double>> meshes = {make_icosphere(1), make_torus(1, 0.3, 9, 6),
                                               make_box({1, 1, 1})};
  const mesh_stack stack = stack_meshes(meshes);
  REQUIRE(stack.mesh_count() == 3);
  REQUIRE(stack.first_vertex == std::vector<index_t>{0, 42, 96, 104});
  REQUIRE(stack.first_face == std::vector<index_t>{0, 80, 188, 200});
  const auto vertices = stacked_vertices<double>(meshes);
  triangle_mesh<double> all;
  for (index_t v = 0; v < stack.vertex_count(); ++v) all.vertices.push_back(load3(vertices.get(), v));
  all.faces = stack.faces;
  const auto r = check_mesh(all);
  REQUIRE(r.ok());
  REQUIRE(r.components == 3);
  REQUIRE(r.genus == 1);
  for (index_t m = 0; m < 3; ++m) {
    const auto back = unstack_mesh(stack, vertices.get(), m);
    REQUIRE(back.vertices == meshes[static_cast<std::size_t>(m)].vertices);
    REQUIRE(back.faces == meshes[static_cast<std::size_t>(m)].faces);
  }
  REQUIRE_THROWS_AS(unstack_mesh(stack, vertices.get(), 3), error);
  REQUIRE(stack_copies(meshes[0].faces, 42, 3).faces.back()[0] == meshes[0].faces.back()[0] + 84);
}

TEST_CASE("connectivity tables have every edge and every corner once", "[mesh]") {
  const auto mesh = make_torus(1, 0.4, 8, 6);
  const auto edges = unique_edges(mesh.faces);
  REQUIRE(edges.size() == 144);  // V - E + F = 0
  for (std::size_t i = 0; i < edges.size(); ++i) {
    REQUIRE(edges[i][0] < edges[i][1]);
    if (i > 0)
      REQUIRE((edges[i - 1][0] < edges[i][0] ||
               (edges[i - 1][0] == edges[i][0] && edges[i - 1][1] < edges[i][1])));
  }
  const auto table = vertex_corners(mesh.faces, mesh.vertex_count());
  std::vector<int> seen(3 * mesh.faces.size(), 0);
  for (std::size_t v = 0; v + 1 < table.first.size(); ++v)
    for (auto i = table.first[v]; i < table.first[v + 1]; ++i) {
      const stored_index c = table.corner[static_cast<std::size_t>(i)];
      REQUIRE(mesh.faces[static_cast<std::size_t>(c / 3)][c % 3] == static_cast<stored_index>(v));
      ++seen[static_cast<std::size_t>(c)];
    }
  REQUIRE(std::count(seen.begin(), seen.end(), 1) == static_cast<std::ptrdiff_t>(seen.size()));
  REQUIRE_THROWS_AS(vertex_corners(mesh.faces, mesh.vertex_count() - 1), error);
}

TEST_CASE("measures of the reference torus agree with the golden values", "[mesh][golden]") {
  if (!test::golden::present("mesh")) return;
  const test::golden g("mesh");
  triangle_mesh<double> mesh;
  const auto vertices = g.matrix("V");
  for (index_t v = 0; v < vertices.get().rows; ++v) mesh.vertices.push_back(load3(vertices.get(), v));
  mesh.faces = g.faces("F");
  const auto r = check_mesh(mesh);
  REQUIRE(r.ok());
  REQUIRE(r.genus == 1);
  REQUIRE(r.volume == Approx(g.number("volume")).epsilon(test::tolerance<double>::golden));
  REQUIRE(r.area == Approx(g.number("area")).epsilon(test::tolerance<double>::golden));
  auto expected = g.numbers("E");
  auto edges = unique_edges(mesh.faces);
  REQUIRE(2 * edges.size() == expected.size());
  for (std::size_t i = 0; i < edges.size(); ++i) {
    edge e{static_cast<stored_index>(expected[2 * i]), static_cast<stored_index>(expected[2 * i + 1])};
    if (e[0] > e[1]) std::swap(e[0], e[1]);
    REQUIRE(std::count(edges.begin(), edges.end(), e) == 1);
  }
}
