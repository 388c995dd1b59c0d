// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Images from meshes: f of the distance, averages over thick slices, background, blur, noise.
#include "diffam/image/synthesis.hpp"

#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/mesh/primitives.hpp"
#include "support/catch.hpp"

using namespace diffam;

namespace {

grid cube(double half, const vec3<double>& spacing) {
  grid g;
  for (int a = 0; a < 3; ++a) {
    g.axes(a, a) = spacing[a];
    g.size[a] = 2 * static_cast<index_t>(half / spacing[a]) + 1;
    g.origin[a] = -spacing[a] * static_cast<double>(g.size[a] / 2);
  }
  return g;
}

const std::vector<triangle_mesh<double>> ball{make_icosphere<double>(4, 20)};
const distance_curve linear{{-30, 30}, {1000, -200}};  // 20 HU a mm: 400 at the surface
synthesis_params sharp() {
  synthesis_params p;
  p.blur = 0;
  return p;
}

}  // namespace

TEST_CASE("a curve is linear between its nodes and constant beyond", "[image]") {
  const distance_curve f{{-1, 0, 2}, {10, 20, 0}};
  CHECK(f(-5) == 10);
  CHECK(f(-0.5) == Approx(15));
  CHECK(f(0) == Approx(20));
  CHECK(f(1) == Approx(10));
  CHECK(f(3) == 0);
}

TEST_CASE("voxels near a surface have the value of f, those far away the background's", "[image]") {
  const grid g = cube(50, {2, 2, 2});
  const volume<float> made = synthesise(exec::serial(), ball, linear, g, sharp());
  volume<float> ct(g, -77);
  const volume<float> inserted = synthesise(exec::serial(), ball, linear, g, sharp(), &ct);
  for (index_t i = 0; i < g.size[0]; ++i) {
    const double d = norm(g.to_world({double(i), 25, 25})) - 20;
    const float at = made.at(i, 25, 25), beside = inserted.at(i, 25, 25);
    if (d > -18 && d < 8) {
      CHECK(at == Approx(linear(d)).margin(4));  // facets, and a mean over the voxel
      CHECK(beside == at);
    }
    if (d > 22) {
      CHECK(at == Approx((linear(9.6) + linear(19.2)) / 2));
      CHECK(beside == -77);
    }
  }
}

TEST_CASE("a thick slice averages over its thickness", "[image]") {
  const grid fine = cube(40, {2, 2, 1}), thick = cube(40, {2, 2, 8});
  const distance_curve step{{-0.01, 0.01}, {1000, 0}};
  const volume<float> a = synthesise(exec::serial(), ball, step, fine, sharp()),
                      b = synthesise(exec::serial(), ball, step, thick, sharp());
  const auto sum = [](const volume<float>& v) {
    double s = 0;
    for (const float x : v.voxels) s += static_cast<double>(x);
    return s * std::abs(determinant(v.geometry.axes)) / 1000;
  };
  const double volume_of_ball = check_mesh(ball[0]).volume;
  CHECK(sum(a) == Approx(volume_of_ball).epsilon(0.01));
  CHECK(sum(b) == Approx(volume_of_ball).epsilon(0.01));
  // The voxel 14 mm from the axis and from 12 to 20 mm up: there the ball ends 14.3 mm up.
  CHECK(b.at(27, 20, 7) == Approx(1000 * 2.3 / 8).margin(40));
  CHECK(b.at(20, 20, 7) == Approx(1000).margin(5));
}

TEST_CASE("noise has its standard deviation after the blur, and leaves the background's alone", "[image]") {
  const grid g = cube(40, {1, 1, 2});
  synthesis_params p;
  p.noise = 30, p.blur = 0.8;
  const distance_curve flat{{0}, {100}};
  const volume<float> ct(g, 100);
  const auto deviation = [](const volume<float>& v, bool far) {
    double sum = 0, count = 0;
    const auto& n = v.geometry.size;
    for (index_t k = 4; k < n[2] - 4; ++k)  // at the border a blur mirrors the noise
      for (index_t j = 4; j < n[1] - 4; ++j)
        for (index_t i = 4; i < n[0] - 4; ++i) {
          const double r = norm(v.geometry.to_world({double(i), double(j), double(k)}));
          if (far ? r < 42 : r > 28) continue;
          const double off = static_cast<double>(v.at(i, j, k)) - 100;
          sum += off * off, ++count;
        }
    return std::sqrt(sum / count);
  };
  const volume<float> plain = synthesise(exec::serial(), ball, flat, g, p),
                      inserted = synthesise(exec::serial(), ball, flat, g, p, &ct);
  CHECK(deviation(plain, false) == Approx(30).epsilon(0.03));
  CHECK(deviation(plain, true) == Approx(30).epsilon(0.03));
  CHECK(deviation(inserted, false) == Approx(30).epsilon(0.03));
  CHECK(deviation(inserted, true) < 0.01);
}

TEST_CASE("any number of threads makes the same image", "[image]") {
  const grid g = cube(40, {1.5, 1.5, 3});
  synthesis_params p;
  p.noise = 20;
  CHECK(synthesise(exec::serial(), ball, linear, g, p).voxels ==
        synthesise(exec::threads(3), ball, linear, g, p).voxels);
}

TEST_CASE("what cannot be made is refused", "[image]") {
  const grid g = cube(30, {2, 2, 2});
  auto open = ball;
  open[0].faces.pop_back();
  CHECK_THROWS_AS(synthesise(exec::serial(), open, linear, g), error);
  CHECK_THROWS_AS(synthesise(exec::serial(), ball, {}, g), error);
  CHECK_THROWS_AS(synthesise(exec::serial(), ball, {{1, 1}, {0, 0}}, g), error);
  synthesis_params p;
  p.far = p.near;
  CHECK_THROWS_AS(synthesise(exec::serial(), ball, linear, g, p), error);
  const volume<float> other(cube(20, {2, 2, 2}));
  CHECK_THROWS_AS(synthesise(exec::serial(), ball, linear, g, {}, &other), error);
  const std::vector<triangle_mesh<double>> none;
  CHECK(synthesise(exec::serial(), none, linear, g).voxels[0] == Approx((linear(9.6) + linear(19.2)) / 2));
}
