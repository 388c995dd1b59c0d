// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The canal's score, path and curve on tubes made of bone, whose middle is known.
#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/spine/find/canal_curve.hpp"
#include "diffam/spine/find/canal_score.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine::find;

namespace {

/// 2 mm voxels around the origin of muscle (50 HU), with a tube of bone about a curve over z.
template <class Curve>
volume<float> tube(const Curve& middle, double inner, double outer, double bone = 600) {
  grid g;
  g.size = {60, 60, 80};
  for (int a = 0; a < 3; ++a) g.axes(a, a) = 2, g.origin[a] = -static_cast<double>(g.size[a] - 1);
  volume<float> out(g, 50);
  for (index_t k = 0; k < g.size[2]; ++k)
    for (index_t j = 0; j < g.size[1]; ++j)
      for (index_t i = 0; i < g.size[0]; ++i) {
        const vec3<double> x =
            g.to_world({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
        const vec3<double> c = middle(x[2]);
        const double r = std::hypot(x[0] - c[0], x[1] - c[1]);
        if (r > inner && r < outer) out.at(i, j, k) = static_cast<float>(bone);
      }
  return out;
}

vec3<double> straight(double z) {
  return {4, -6, z};
}
/// Leans by up to 40 degrees to either side: a scoliosis.
vec3<double> bent(double z) {
  return {20 * std::sin(z / 24), 0, z};
}

}  // namespace

TEST_CASE("the canal's score is 1 in a closed tube of its width, and 0 in one that is too wide", "[spine]") {
  const volume<float> image = tube(straight, 9, 16);
  const volume<float> scores = canal_scores(exec::serial(), image, 2);
  const auto at = [&](const vec3<double>& world) {
    const vec3<double> x = scores.geometry.to_index(world);
    return scores.at(std::lround(x[0]), std::lround(x[1]), std::lround(x[2]));
  };
  CHECK(at({4, -6, 0}) == 1);
  CHECK(at({40, 40, 0}) == 0);
  const volume<float> wide = canal_scores(exec::serial(), tube(straight, 19, 24), 2);
  CHECK(wide.at(16, 13, 20) == 0);  // the voxel nearest to the middle
  const volume<float> no_bone = canal_scores(exec::serial(), tube(straight, 9, 16, 100), 2);
  CHECK(*std::max_element(no_bone.voxels.begin(), no_bone.voxels.end()) == 0);
}

TEST_CASE("the canal's path follows a bent tube, and the curve its middle", "[spine]") {
  const volume<float> image = tube(bent, 9, 16);
  const canal_path path = best_canal_path(exec::serial(), canal_scores(exec::serial(), image, 2), 2);
  REQUIRE(path.points.size() >= 36);
  for (const auto& p : path.points) CHECK(norm(p - bent(p[2])) < 9);
  const canal_curve_params params{.beyond = 0};
  const canal_curve curve = curve_through(image, path.points, {0, 0, 1}, {0, 1, 0}, params);
  CHECK(curve.front().centre[2] > curve.back().centre[2]);  // from head to foot
  for (const canal_frame& f : curve) {
    if (std::abs(f.centre[2]) > 60) continue;
    CHECK(norm(f.centre - bent(f.centre[2])) < 4);
    CHECK(std::abs(dot(f.front, f.up)) < 1e-9);
    CHECK(norm(cross(f.front, f.up) - f.right) < 1e-9);
    CHECK(f.up[2] > 0.7);
    CHECK(f.front[1] > 0.7);
  }
}

TEST_CASE("the canal's path is found along other axes of the image", "[spine]") {
  const volume<float> up = tube(straight, 9, 16);
  volume<float> along_x(grid{{80, 60, 60}, up.geometry.axes, {-79, -59, -59}});
  for (index_t k = 0; k < 80; ++k)
    for (index_t j = 0; j < 60; ++j)
      for (index_t i = 0; i < 60; ++i) along_x.at(k, i, j) = up.at(i, j, k);
  const canal_path path = best_canal_path(exec::serial(), canal_scores(exec::serial(), along_x, 0), 0);
  REQUIRE(path.points.size() >= 36);
  for (const auto& p : path.points) CHECK(std::hypot(p[1] - 4, p[2] + 6) < 7);
}

TEST_CASE("a path ends where the canal is interrupted for long, and bridges short gaps", "[spine]") {
  std::vector<vec3<double>> points;
  std::vector<double> gains;
  for (int i = 0; i < 40; ++i) {
    points.push_back({0, 0, 4.0 * i});
    const bool short_gap = i == 10 || i == 11, long_gap = i >= 24 && i < 34;
    gains.push_back(short_gap || long_gap ? -0.3 : 0.5);
  }
  const canal_path part = spine::find::detail::best_part(points, gains, 7);
  CHECK(part.points.front()[2] == 0);
  CHECK(part.points.back()[2] < 4.0 * 26);
  CHECK(part.points.back()[2] >= 4.0 * 19);
  CHECK(spine::find::detail::best_part(points, std::vector<double>(40, -1.0), 7).points.empty());
}

TEST_CASE("canal scores have the same bits for any number of threads", "[spine]") {
  const volume<float> image = tube(bent, 9, 16);
  CHECK(canal_scores(exec::serial(), image, 2).voxels == canal_scores(exec::threads(3), image, 2).voxels);
}

TEST_CASE("fronts turn to the plane of symmetry", "[spine]") {
  // A tube with a block of bone in front of it, turned by 30 degrees about z.
  volume<float> image = tube([](double z) { return vec3<double>{0, 0, z}; }, 9, 14);
  const double c = std::cos(30 * degree), s = std::sin(30 * degree);
  const vec3<double> front{s, c, 0}, right{c, -s, 0};
  const grid& g = image.geometry;
  for (index_t v = 0; v < g.voxel_count(); ++v) {
    const vec3<double> x =
        g.to_world({static_cast<double>(v % g.size[0]), static_cast<double>(v / g.size[0] % g.size[1]),
                    static_cast<double>(v / (g.size[0] * g.size[1]))});
    if (dot(x, front) > 12 && dot(x, front) < 34 && std::abs(dot(x, right)) < 15)
      image.voxels[static_cast<std::size_t>(v)] = 300;
  }
  std::vector<vec3<double>> points;
  for (int z = -60; z <= 60; z += 4) points.push_back({0, 0, static_cast<double>(z)});
  for (const canal_frame& f : curve_through(image, points, {0, 0, 1}, {0, 1, 0}, {.beyond = 0}))
    CHECK(dot(f.front, front) > std::cos(6 * degree));
}
