// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Meshes to labels: equal to the exact winding number, in sheared and left-handed grids, through
// self-intersections, and with scan lines through vertices and edges. Overlaps go to the deeper mesh.
#include "diffam/spine/voxelise.hpp"

#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/mesh/primitives.hpp"
#include "support/golden.hpp"

using namespace diffam;

namespace {

/// Winding number as a sum of solid angles (Van Oosterom & Strackee 1983).
double winding_number(const triangle_mesh<double>& mesh, const vec3<double>& p) {
  double sum = 0;
  for (const face& f : mesh.faces) {
    const auto at = [&](int k) { return mesh.vertices[static_cast<std::size_t>(f[k])] - p; };
    const vec3<double> a = at(0), b = at(1), c = at(2);
    const double x = norm(a), y = norm(b), z = norm(c);
    sum += 2 * std::atan2(dot(a, cross(b, c)), x * y * z + dot(a, b) * z + dot(b, c) * x + dot(c, a) * y);
  }
  return sum / (4 * 3.14159265358979323846);
}

volume<std::uint8_t> voxelise_one(const triangle_mesh<double>& mesh, const grid& g) {
  const int label = 1;
  return spine::voxelise(exec::serial{}, std::span(&mesh, 1), std::span(&label, 1), g);
}

void require_equals_winding_number(const triangle_mesh<double>& mesh, const grid& g) {
  const auto mask = voxelise_one(mesh, g);
  index_t inside = 0;
  for (index_t k = 0; k < g.size[2]; ++k)
    for (index_t j = 0; j < g.size[1]; ++j)
      for (index_t i = 0; i < g.size[0]; ++i) {
        const double w = winding_number(
            mesh, g.to_world({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)}));
        INFO(i << " " << j << " " << k << " winding " << w);
        REQUIRE(mask.at(i, j, k) == (w > 0.5));
        inside += mask.at(i, j, k);
      }
  REQUIRE(inside > 100);
}

/// Two spheres in one mesh. Their overlap has winding number 2.
triangle_mesh<double> two_spheres(const vec3<double>& apart) {
  triangle_mesh<double> m = make_icosphere<double>(2, 4.0);
  const auto count = static_cast<stored_index>(m.vertices.size());
  const auto vertices = m.vertices;
  for (const auto& v : vertices) m.vertices.push_back(v + apart);
  const auto faces = m.faces;
  for (const auto& f : faces) m.faces.push_back({f[0] + count, f[1] + count, f[2] + count});
  return m;
}

grid test_grid(const mat3<double>& axes, index_t n = 20) {
  grid g{{n, n + 1, n - 2}, axes, {}};
  const double half = static_cast<double>(n) / 2;
  g.origin = -(axes * vec3<double>{half + 0.013, half + 0.027, half - 0.981});
  return g;
}

}  // namespace

TEST_CASE("a mesh gives the same mask as the independent implementation", "[spine][golden]") {
  if (!test::golden::present("voxelise")) return;
  const test::golden mesh("mesh"), expected("voxelise");
  triangle_mesh<double> m;
  m.faces = mesh.faces("F");
  const auto v = mesh.matrix("V");
  for (index_t i = 0; i < v.get().rows; ++i)
    m.vertices.push_back(load3(v.get(), i) * 12.0 + vec3<double>{12.3, 12.7, 5.1});
  const auto mask = voxelise_one(m, grid{{26, 26, 11}});
  const auto all = expected.numbers("mask");  // the last index, k, runs fastest
  double count = 0;
  for (index_t i = 0, n = 0; i < 26; ++i)
    for (index_t j = 0; j < 26; ++j)
      for (index_t k = 0; k < 11; ++k, ++n) {
        REQUIRE(mask.at(i, j, k) == all[static_cast<std::size_t>(n)]);
        count += mask.at(i, j, k);
      }
  REQUIRE(count == expected.number("count"));
}

TEST_CASE("inside is where the winding number is above a half", "[spine]") {
  const auto spheres = two_spheres({3, 1, -2});
  SECTION("along the axes") {
    require_equals_winding_number(spheres, test_grid(mat3<double>::identity()));
  }
  SECTION("sheared and anisotropic") {
    require_equals_winding_number(spheres, test_grid({{{0.9, 0.1, 0.3}, {0, 0.8, -0.2}, {0.1, 0, 1.1}}}));
  }
  SECTION("left-handed") {
    require_equals_winding_number(spheres, test_grid({{{0, -0.9, 0}, {0, 0, -1}, {-1.1, 0, 0}}}));
    require_equals_winding_number(spheres, test_grid({{{-1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}));
  }
  SECTION("a grid that cuts the mesh") {
    auto g = test_grid(mat3<double>::identity(), 8);
    g.origin += vec3<double>{3, -2, 1};
    require_equals_winding_number(spheres, g);
  }
  SECTION("inside-out is nowhere inside") {
    auto reversed = spheres;
    for (auto& f : reversed.faces) std::swap(f[1], f[2]);
    for (const auto v : voxelise_one(reversed, test_grid(mat3<double>::identity())).voxels) REQUIRE(v == 0);
  }
}

TEST_CASE("scan lines through vertices and edges do not leak", "[spine]") {
  // A box with corners on half voxels along i and on whole voxels along j and k. Every line on its border
  // meets edges and corners, and the diagonals of its sides pass through voxel centres.
  auto box = make_box<double>(vec3<double>{6, 6, 6});
  for (auto& v : box.vertices) v += vec3<double>{6.5, 6, 6};
  const auto mask = voxelise_one(box, grid{{14, 14, 14}});
  for (index_t k = 0; k < 14; ++k)
    for (index_t j = 0; j < 14; ++j)
      for (index_t i = 0; i < 14; ++i) {
        // With lines moved by (epsilon, epsilon^2), the border at low j and k is inside, the one at high j
        // and k is not.
        const bool inside = i > 3 && i < 10 && j >= 3 && j < 9 && k >= 3 && k < 9;
        REQUIRE(mask.at(i, j, k) == inside);
      }
}

TEST_CASE("overlaps go to the deeper mesh, far meshes nowhere", "[spine]") {
  auto a = make_icosphere<double>(3, 6.0), b = a, far = a;
  for (auto& v : a.vertices) v += vec3<double>{10.1, 10.2, 9.9};
  for (auto& v : b.vertices) v += vec3<double>{16.9, 10.2, 9.9};
  for (auto& v : far.vertices) v += vec3<double>{0, -500, 0};
  const std::vector<triangle_mesh<double>> meshes{a, b, far};
  const std::vector<int> labels{20, 21, 22};
  const grid g{{28, 21, 21}};
  const auto mask = spine::voxelise(exec::serial{}, std::span(meshes), std::span(labels), g);
  index_t contested = 0;
  for (index_t k = 0; k < 21; ++k)
    for (index_t j = 0; j < 21; ++j)
      for (index_t i = 0; i < 28; ++i) {
        const vec3<double> p{static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)};
        const bool in_a = winding_number(a, p) > 0.5, in_b = winding_number(b, p) > 0.5;
        contested += in_a && in_b;
        // For equal spheres the nearer centre is the deeper one; the plane i = 13.5 separates them.
        const int expected = in_a && in_b ? (i <= 13 ? 20 : 21) : in_a ? 20 : in_b ? 21 : 0;
        REQUIRE(mask.at(i, j, k) == expected);
      }
  REQUIRE(contested > 100);
  REQUIRE(spine::voxelise(exec::threads{3}, std::span(meshes), std::span(labels), g).voxels == mask.voxels);
}

TEST_CASE("the part that the meshes fill equals the whole label volume", "[spine]") {
  mat3<double> axes{{{-0.9, 0.2, 0}, {0, 0.1, 1.1}, {0.1, 0.8, 0}}};
  const grid g{{60, 50, 40}, axes, {3, 4, 5}};
  auto a = make_icosphere<double>(2, 6.0), b = a, cut = a, far = a;
  for (auto& v : a.vertices) v += g.to_world({30, 20, 20});
  for (auto& v : b.vertices) v += g.to_world({30, 28, 20});  // both meshes claim voxels
  for (auto& v : cut.vertices) v += g.to_world({59, 30, 20});
  for (auto& v : far.vertices) v += g.to_world({200, 0, 0});
  const std::vector<int> labels{20, 21, 22};
  for (const auto& third : {far, cut}) {
    const std::vector<triangle_mesh<double>> meshes{a, b, third};
    const auto part = spine::voxelise_part(exec::threads{2}, std::span(meshes), std::span(labels), g);
    REQUIRE(part.kept.count() < g.voxel_count() / 3);
    index_t inside = 0;
    for (index_t k = 0; k < g.size[2]; ++k)
      for (index_t j = 0; j < g.size[1]; ++j)
        for (index_t i = 0; i < g.size[0]; ++i) {
          const vec3<double> p =
              g.to_world({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
          const int found = part.kept.has(i, j, k) ? volume_view<std::uint8_t>(part).at(i, j, k) : 0;
          bool any = false;
          for (std::size_t m = 0; m < 3; ++m) {
            const bool in = winding_number(meshes[m], p) > 0.5;
            any = any || in;
            if (found == labels[m]) REQUIRE(in);
          }
          REQUIRE((found != 0) == any);
          inside += any;
        }
    REQUIRE(inside > 1000);
  }
  const std::vector<triangle_mesh<double>> gone{far};
  const auto none = spine::voxelise_part(exec::serial{}, std::span(gone), std::span(labels).first(1), g);
  CHECK(none.kept.empty());
  CHECK(none.geometry.size == g.size);
}

TEST_CASE("voxelise refuses unusable meshes and grids", "[spine]") {
  auto m = make_icosphere<double>(1, 3.0);
  m.vertices[0][1] = std::nan("");
  REQUIRE_THROWS_AS(voxelise_one(m, grid{{5, 5, 5}}), error);
  m.vertices[0][1] = 1e9;
  REQUIRE_THROWS_AS(voxelise_one(m, grid{{5, 5, 5}}), error);
  grid flat{{5, 5, 5}};
  flat.axes.row[1] = {};
  REQUIRE_THROWS_AS(voxelise_one(make_icosphere<double>(1, 3.0), flat), error);
}
