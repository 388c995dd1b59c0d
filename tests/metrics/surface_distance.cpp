// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Surface distances: closed forms on boxes and spheres, for meshes and for voxels with sheared affine maps.
#include "diffam/metrics/surface_distance.hpp"

#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/mesh/check.hpp"
#include "diffam/mesh/primitives.hpp"
#include "diffam/metrics/correspondence.hpp"
#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace diffam;
using namespace diffam::metrics;

namespace {

constexpr double tolerance = test::tolerance<double>::formula * 100;

volume<std::uint8_t> ball(double radius, const grid& g, const vec3<double>& centre = {}) {
  volume<std::uint8_t> v(g);
  for (index_t k = 0; k < g.size[2]; ++k)
    for (index_t j = 0; j < g.size[1]; ++j)
      for (index_t i = 0; i < g.size[0]; ++i)
        v.at(i, j, k) =
            norm(g.to_world({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)}) -
                 centre) < radius;
  return v;
}

grid centred(const mat3<double>& axes, index_t n) {
  grid g{{n, n, n}, axes, {}};
  const double half = static_cast<double>(n - 1) / 2;
  g.origin = -(axes * vec3<double>{half, half, half});
  return g;
}

}  // namespace

TEST_CASE("distances of a box inside a box follow from their sizes", "[metrics]") {
  // Boxes with edges of 10 and 6 mm and the same centre, so 2 mm apart. Each point of the inner box has
  // distance 2. On a face of the outer box, the point (x, y), |x|, |y| <= 5, has distance sqrt(4 + e(x)^2 +
  // e(y)^2) with e(x) = max(0, |x| - 3). The corners have distance sqrt(12).
  const auto outer = make_box<double>(vec3<double>{10, 10, 10}),
             inner = make_box<double>(vec3<double>{6, 6, 6});
  const auto from_inner = directed_distances(exec::serial{}, inner, outer);
  REQUIRE(std::abs(from_inner.total_weight() - 6 * 36) < tolerance);
  for (const double d : from_inner.distance) REQUIRE(std::abs(d - 2) < tolerance);
  double expected = 0;
  constexpr int n = 1000;
  const auto beyond = [](int i) { return std::max(0.0, std::abs((i + 0.5) / n * 10 - 5) - 3); };
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      expected += std::sqrt(4 + beyond(i) * beyond(i) + beyond(j) * beyond(j)) / (n * n);
  const auto from_outer = directed_distances(exec::serial{}, outer, inner, 0.1);
  REQUIRE(std::abs(from_outer.total_weight() - 600) < tolerance * 10);
  REQUIRE(std::abs(from_outer.integral() / 600 - expected) < 1e-3);
  REQUIRE(from_outer.largest() < std::sqrt(12.0));
  REQUIRE(from_outer.largest() > std::sqrt(12.0) - 0.1);
  const auto both = mesh_surface_distances(exec::serial{}, inner, outer, 0.1);
  REQUIRE(std::abs(both.mean - (expected * 600 + 2 * 216) / 816) < 1e-3);
  REQUIRE(both.hd95 == from_outer.percentile(0.95));
  const auto back = mesh_surface_distances(exec::serial{}, outer, inner, 0.1);
  REQUIRE(back.hd95 == both.hd95);
  REQUIRE(std::abs(back.mean - both.mean) < tolerance);
}

TEST_CASE("percentiles count weights", "[metrics]") {
  const weighted_distances d{{4, 1, 3, 2}, {5, 60, 15, 20}};
  REQUIRE(d.percentile(0.6) == 1);
  REQUIRE(d.percentile(0.61) == 2);
  REQUIRE(d.percentile(0.95) == 3);
  REQUIRE(d.percentile(0.951) == 4);
  REQUIRE(d.percentile(1) == 4);
}

TEST_CASE("distances between balls of voxels are exact to half a voxel's diagonal", "[metrics]") {
  // A voxel surface is less than half a voxel's diagonal (0.5 mm here) away from the surface of the ball. The
  // steps of two such surfaces face each other, which makes the mean distance too small.
  const mat3<double> straight{{{0.5, 0, 0}, {0, 0.5, 0}, {0, 0, 0.5}}};
  const mat3<double> permuted{{{0, 0, 0.6}, {-0.5, 0, 0}, {0, -0.5, 0}}};
  const mat3<double> sheared{{{0.5, 0.1, 0}, {0, 0.5, 0.15}, {0, 0, -0.5}}};  // and left-handed
  for (const auto& a : {straight, permuted, sheared}) {
    const grid g = centred(a, 64);
    const auto small = ball(8, g), large = ball(11, g);
    const mesh_report r = check_mesh(label_surface(small, 1));
    REQUIRE(r.ok());
    REQUIRE(r.genus == 0);
    REQUIRE(std::abs(r.volume / (4.0 / 3 * 3.14159265358979 * 512) - 1) < 0.02);
    const auto d = label_surface_distances(exec::threads{}, small, large, 1);
    REQUIRE(d.mean > 3 - 0.5);
    REQUIRE(d.mean < 3);
    REQUIRE(std::abs(d.hd95 - 3) < 0.5);
    REQUIRE(d.hausdorff < 3 + 0.9);
    const auto same = label_surface_distances(exec::serial{}, small, small, 1);
    REQUIRE(same.hausdorff < tolerance);
  }
}

TEST_CASE("a slab moved by 3 voxels of 2 mm is 6 mm away", "[metrics]") {
  // Two slabs as wide as the volume, 3 voxels of 2 mm apart along k.
  grid g{{30, 30, 20}};
  g.axes(2, 2) = 2;
  volume<std::uint8_t> a(g), b(g);
  for (index_t k = 0; k < 20; ++k)
    for (index_t j = 0; j < 30; ++j)
      for (index_t i = 0; i < 30; ++i) {
        a.at(i, j, k) = k == 5 ? 7 : 0;
        b.at(i, j, k) = k == 8 ? 7 : 0;
      }
  // Each slab is 2 mm thick: the facing sides are 4 mm apart. The other sides are 6 mm from the other slab's.
  const auto d = label_surface_distances(exec::serial{}, a, b, 7);
  REQUIRE(d.mean > 4);
  REQUIRE(d.mean < 6);
  REQUIRE(std::abs(d.hd95 - 6) < tolerance);
}

TEST_CASE("the distance to an empty label is infinite, between two empty labels 0", "[metrics]") {
  const grid g{{8, 8, 8}};
  const volume<std::uint8_t> none(g);
  const auto some = ball(3, g, {4, 4, 4});
  REQUIRE(std::isinf(label_surface_distances(exec::serial{}, none, some, 1).mean));
  REQUIRE(std::isinf(label_surface_distances(exec::serial{}, some, none, 1).hd95));
  REQUIRE(label_surface_distances(exec::serial{}, none, none, 1).hausdorff == 0);
  REQUIRE(label_surface(none, 1).faces.empty());
  REQUIRE_THROWS_AS(label_surface(none, 0), error);
  REQUIRE_THROWS_AS(label_surface(none, 256), error);
}

TEST_CASE("a surface that is not finite is refused", "[metrics]") {
  const auto ball = make_icosphere<double>(1, 3.0);
  for (const double bad : {std::nan(""), HUGE_VAL}) {
    auto broken = ball;
    broken.vertices[5][1] = bad;
    REQUIRE_THROWS_AS(mesh_surface_distances(exec::serial{}, broken, ball), error);
    REQUIRE_THROWS_AS(mesh_surface_distances(exec::serial{}, ball, broken), error);
  }
}

TEST_CASE("several threads give the bits of one thread", "[metrics]") {
  const grid g{{24, 24, 24}};
  const auto a = ball(8, g, {12, 12, 12}), b = ball(6, g, {11, 13, 12});
  const auto one = label_surface_distances(exec::serial{}, a, b, 1);
  const auto three = label_surface_distances(exec::threads{3}, a, b, 1);
  REQUIRE((one.mean == three.mean && one.hd95 == three.hd95 && one.hausdorff == three.hausdorff));
}

TEST_CASE("the correspondence error is a distance per vertex", "[metrics]") {
  const auto truth = make_box<double>(vec3<double>{10, 10, 10});
  const auto e = correspondence(exec::serial{}, {{0, 0, 7}, {6, 7, 0}, {4, 0, 0}, {5, 5, 5}}, truth);
  const double expected[] = {2, std::sqrt(5.0), 1, 0};
  for (std::size_t i = 0; i < 4; ++i) REQUIRE(std::abs(e.per_vertex[i] - expected[i]) < tolerance);
  REQUIRE(std::abs(e.mean - (3 + std::sqrt(5.0)) / 4) < tolerance);
  REQUIRE(std::abs(e.largest - std::sqrt(5.0)) < tolerance);
  REQUIRE(e.p95 == e.largest);
  REQUIRE_THROWS_AS(correspondence(exec::serial{}, {}, truth), error);
  const auto v = ball(8, centred(mat3<double>::identity(), 24));
  REQUIRE(correspondence(exec::serial{}, make_icosphere<double>(3, 10).vertices, v, 1).mean - 2 < 0.3);
  REQUIRE_THROWS_AS(correspondence(exec::serial{}, {{0, 0, 0}}, v, 2), error);
}
