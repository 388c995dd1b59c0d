// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The last stage of a fit: surfaces reach the edges in the image, details included, and stop at their
// neighbours.
#include "diffam/spine/surface/stage.hpp"

#include <functional>

#include "diffam/exec/threads.hpp"
#include "diffam/mesh/primitives.hpp"
#include "support/golden.hpp"

using namespace diffam;
using spine::move_to_edges;

namespace {

/// A CT with these values, voxels of 1 mm, around the origin.
volume<float> ct_of(const std::function<double(const vec3<double>&)>& hu, index_t half = 24) {
  grid g;
  g.size = {2 * half + 1, 2 * half + 1, 2 * half + 1};
  g.origin = vec3<double>{1, 1, 1} * -double(half);
  volume<float> ct(g);
  for (index_t k = 0; k < g.size[2]; ++k)
    for (index_t j = 0; j < g.size[1]; ++j)
      for (index_t i = 0; i < g.size[0]; ++i)
        ct.at(i, j, k) = static_cast<float>(hu(g.to_world({double(i), double(j), double(k)})));
  return ct;
}

/// HU at a distance from the surface of a bone: marrow, a cortex, muscle, with the blur of a scanner.
double bone(double d) {
  const auto step = [](double x) { return 1 / (1 + std::exp(-4 * x)); };
  return 50 + 650 * step(-d) - 500 * step(-d - 2);
}

/// Mean distance of the vertices to the sphere, mm.
double off_sphere(const triangle_mesh<double>& mesh, const vec3<double>& centre, double radius) {
  double sum = 0;
  for (const auto& v : mesh.vertices) sum += std::abs(norm(v - centre) - radius);
  return sum / static_cast<double>(mesh.vertices.size());
}

triangle_mesh<double> ball(double radius, const vec3<double>& centre = {}) {
  auto mesh = make_icosphere<double>(3, radius);
  for (auto& v : mesh.vertices) v += centre;
  return mesh;
}

}  // namespace

TEST_CASE("surfaces inside and outside of a bone move to its edge", "[spine]") {
  const auto ct = ct_of([](const vec3<double>& p) { return bone(norm(p) - 15); });
  for (const double off : {-1.2, -0.5, 0.5, 1.2}) {
    auto mesh = ball(15 + off);
    move_to_edges(exec::serial{}, ct, std::span(&mesh, 1));
    INFO("off by " << off);
    CHECK(off_sphere(mesh, {}, 15) < 0.12);
    CHECK(mesh.faces == ball(15).faces);
  }
}

TEST_CASE("a surface grows into a bump of the bone", "[spine]") {
  const auto radius = [](const vec3<double>& p) {
    const double angle = std::acos(p[2] / (norm(p) + 1e-9));
    return 15 + 2 * std::exp(-angle * angle / 0.1);
  };
  const auto ct = ct_of([&](const vec3<double>& p) { return bone(norm(p) - radius(p)); });
  auto mesh = make_icosphere<double>(4, 15.0);
  move_to_edges(exec::serial{}, ct, std::span(&mesh, 1));
  double top = 0;
  for (const auto& v : mesh.vertices) top = std::max(top, v[2]);
  CHECK(top > 16.6);
  CHECK(top < 17.1);
}

TEST_CASE("a surface without an edge in reach, or outside the image, does not move", "[spine]") {
  const auto muscle = ct_of([](const vec3<double>&) { return 50; });
  const auto bone_all_over = ct_of([](const vec3<double>&) { return 500; });
  const auto elsewhere = ct_of([](const vec3<double>& p) { return bone(norm(p) - 5); }, 6);
  for (const auto* ct : {&muscle, &bone_all_over, &elsewhere}) {
    auto mesh = ball(15);
    move_to_edges(exec::serial{}, *ct, std::span(&mesh, 1));
    CHECK(mesh.vertices == ball(15).vertices);
  }
}

TEST_CASE("no vertex moves farther than it may", "[spine]") {
  const auto ct = ct_of([](const vec3<double>& p) { return bone(norm(p) - 15); });
  auto mesh = ball(13.5);
  move_to_edges(exec::serial{}, ct, std::span(&mesh, 1), {.most_mm = 1});
  for (std::size_t i = 0; i < mesh.vertices.size(); ++i)
    CHECK(norm(mesh.vertices[i] - ball(13.5).vertices[i]) <= 1 + 1e-9);
  CHECK(off_sphere(mesh, {}, 14.5) < 0.05);
}

TEST_CASE("surfaces stop before their neighbours", "[spine]") {
  // One bone with two parts that touch: no edge between them.
  const vec3<double> up{0, 0, 10.4}, down = up * -1.0;
  const auto ct = ct_of([&](const vec3<double>& p) {
    return bone(std::min(std::min(norm(p - up), norm(p - down)) - 11.0, norm(p) - 7));
  });
  std::vector<triangle_mesh<double>> meshes{ball(10, up), ball(10, down)};
  move_to_edges(exec::serial{}, ct, std::span(meshes));
  CHECK(off_sphere(meshes[0], up, 11) < 0.3);
  for (const auto& v : meshes[0].vertices) CHECK(norm(v - down) > 10);
  std::vector<triangle_mesh<double>> again{ball(10, up), ball(10, down)};
  move_to_edges(exec::threads(3), ct, std::span(again));
  for (std::size_t m = 0; m < 2; ++m) CHECK(again[m].vertices == meshes[m].vertices);
}

TEST_CASE("a mesh that is not usable stays as it is, and its neighbour moves", "[spine]") {
  const auto ct = ct_of([](const vec3<double>& p) { return bone(norm(p) - 15); });
  std::vector<triangle_mesh<double>> meshes{ball(14), ball(14)};
  meshes[0].vertices[5][1] = std::nan("");
  const auto other = meshes[0].vertices[7];
  move_to_edges(exec::serial{}, ct, std::span(meshes));
  CHECK(std::isnan(meshes[0].vertices[5][1]));
  CHECK(meshes[0].vertices[7] == other);
  CHECK(off_sphere(meshes[1], {}, 15) < 0.12);
}
