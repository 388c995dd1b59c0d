// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Triangle quality, smoothing with constant volume, remeshing to a vertex count, connected components.
#include "diffam/mesh/smoothing.hpp"

#include "diffam/core/random.hpp"
#include "diffam/image/marching_tetrahedra.hpp"
#include "diffam/mesh/components.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/mesh/quality.hpp"
#include "diffam/mesh/remesh.hpp"
#include "diffam/mesh/self_intersections.hpp"
#include "support/catch.hpp"

using namespace diffam;

namespace {

/// A sphere whose vertices have random radii.
triangle_mesh<> rough_sphere(double by) {
  auto mesh = make_icosphere(4, 20.0);
  for (std::size_t v = 0; v < mesh.vertices.size(); ++v) {
    const auto words = random_words(3, random_stream::test, 0, v);
    mesh.vertices[v] *= 1 + by * (2 * unit_interval<double>(words[0]) - 1);
  }
  return mesh;
}

double roughness(const triangle_mesh<>& mesh) {
  double mean = 0, squares = 0;
  for (const auto& v : mesh.vertices) mean += norm(v), squares += squared_norm(v);
  const auto n = static_cast<double>(mesh.vertices.size());
  return std::sqrt(squares / n - mean / n * (mean / n));
}

struct ring {  // a torus about z, radii 20 and 7
  double operator()(const vec3<double>& p) const {
    const double r = std::hypot(p[0], p[1]) - 20;
    return std::hypot(r, p[2]) - 7;
  }
};

triangle_mesh<> marched_ring(double cell) {
  grid g;
  for (int a = 0; a < 3; ++a) {
    g.axes(a, a) = cell;
    g.origin[a] = (a == 2 ? -9.0 : -29.0) + 0.1;
    g.size[a] = static_cast<index_t>((a == 2 ? 18 : 58) / cell) + 1;
  }
  return marching_tetrahedra(ring{}, g);
}

}  // namespace

TEST_CASE("quality is 1 for equilateral triangles and 0 for flat ones", "[mesh]") {
  CHECK(triangle_quality({0, 0, 0}, {2, 0, 0}, {1, std::sqrt(3.0), 0}) == Approx(1));
  CHECK(triangle_quality({0, 0, 0}, {1, 0, 0}, {0, 1, 0}) == Approx(std::sqrt(3.0) / 2));
  CHECK(triangle_quality({0, 0, 0}, {1, 0, 0}, {2, 0, 0}) == 0);
  CHECK(triangle_quality({1, 1, 1}, {1, 1, 1}, {1, 1, 1}) == 0);
  const mesh_quality box = measure_quality(make_box({1, 1, 1}));
  CHECK(box.least == Approx(std::sqrt(3.0) / 2));
  CHECK(box.mean == Approx(std::sqrt(3.0) / 2));
  CHECK(box.mean_edge_length == Approx((12 + 6 * std::sqrt(2.0)) / 18));
  CHECK(measure_quality({}).mean == 0);
}

TEST_CASE("smoothing reduces roughness and keeps the volume", "[mesh]") {
  const auto rough = rough_sphere(0.02);
  const auto smooth = taubin_smooth(rough, {.rounds = 20});
  CHECK(smooth.faces == rough.faces);
  CHECK(roughness(smooth) < 0.35 * roughness(rough));
  const double volume = check_mesh(rough).volume;
  CHECK(check_mesh(smooth).volume == Approx(volume).epsilon(1e-3));
  // The same number of plain averaging steps shrinks the volume by more.
  auto shrunk = rough;
  const auto edges = unique_edges(shrunk.faces);
  for (int r = 0; r < 40; ++r) detail::umbrella_step(shrunk.vertices, edges, 0.5);
  CHECK(check_mesh(shrunk).volume < 0.98 * volume);

  CHECK(taubin_smooth(rough, {.rounds = 0}).faces == rough.faces);
  CHECK_THROWS_AS(taubin_smooth(rough, {.rounds = 1, .lambda = 0.5, .mu = 0.5}), error);
  auto open = rough;
  open.faces.pop_back();
  CHECK_THROWS_AS(taubin_smooth(open), error);
}

TEST_CASE("remeshing gives the wanted vertex count, even triangles and the same surface", "[mesh]") {
  const auto fine = marched_ring(0.8);
  for (const index_t wanted : {800, 1500}) {
    const auto mesh = remesh_to_count(ring{}, fine, wanted);
    const auto report = check_mesh(mesh);
    INFO(mesh.vertex_count());
    CHECK(std::abs(static_cast<double>(mesh.vertex_count() - wanted)) <= 0.02 * static_cast<double>(wanted));
    CHECK(report.ok());
    CHECK(report.genus == 1);
    CHECK(self_intersections(mesh).empty());
    CHECK(measure_quality(mesh).low > 0.8);
    double worst = 0;
    for (const auto& v : mesh.vertices) worst = std::max(worst, std::abs(ring{}(v)));
    CHECK(worst < 1e-2);
  }
  CHECK_THROWS_AS(remesh_to_count(ring{}, fine, 10), error);
  CHECK_THROWS_AS(remesh_to_count(ring{}, fine, fine.vertex_count()), error);
  CHECK_THROWS_AS(remesh(ring{}, fine, {.edge_length = 0}), error);
}

TEST_CASE("largest_component keeps the part of largest volume", "[mesh]") {
  const auto ball = make_icosphere(2, 10.0), crumb = make_box({1, 1, 1});
  auto bubble = make_icosphere(1, 3.0);
  for (face& f : bubble.faces) std::swap(f[1], f[2]);
  triangle_mesh<> all = crumb;
  for (auto& v : all.vertices) v += vec3<double>{30, 0, 0};
  all.vertices.push_back({99, 99, 99});  // a vertex of no face
  for (const triangle_mesh<>* part : {&std::as_const(bubble), &ball}) {
    const auto first = static_cast<stored_index>(all.vertex_count());
    all.vertices.insert(all.vertices.end(), part->vertices.begin(), part->vertices.end());
    for (const face& f : part->faces) all.faces.push_back({f[0] + first, f[1] + first, f[2] + first});
  }
  const auto parts = connected_components(all);
  REQUIRE(parts.size() == 3);
  CHECK(parts[0].faces == crumb.faces);
  CHECK(parts[1].vertices == bubble.vertices);
  CHECK(largest_component(all).vertices == ball.vertices);
  CHECK(largest_component(all).faces == ball.faces);
  CHECK(largest_component({}).faces.empty());
}
