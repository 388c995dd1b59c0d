// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Grids, resampling and intensity windows: linear fields are exact, masks mark measured voxels, and no
// aliasing occurs.
#include "diffam/image/resample.hpp"

#include "diffam/check/gradient.hpp"
#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/image/window.hpp"
#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace diffam;

namespace {

using point = vec3<double>;

grid rotated_grid(const vec<index_t, 3>& size, const point& spacing) {
  const double c = std::cos(0.4), s = std::sin(0.4);
  const mat3<double> turn =
      mat3<double>{{{c, -s, 0}, {s, c, 0}, {0, 0, 1}}} * mat3<double>{{{0, 0, -1}, {c, s, 0}, {-s, c, 0}}};
  grid g;
  g.size = size;
  for (int r = 0; r < 3; ++r)
    for (int a = 0; a < 3; ++a) g.axes(r, a) = turn(r, a) * spacing[a];
  g.origin = {31, -120, 77};
  return g;
}

template <class T, class F>
volume<T> fill(const grid& g, const F& f) {
  volume<T> v(g);
  for (index_t k = 0; k < g.size[2]; ++k)
    for (index_t j = 0; j < g.size[1]; ++j)
      for (index_t i = 0; i < g.size[0]; ++i)
        v.at(i, j, k) = static_cast<T>(f(g.to_world(point{double(i), double(j), double(k)})));
  return v;
}

double linear_field(const point& p) {
  return dot(point{0.3, -0.7, 0.2}, p) + 5;
}

/// Calls f(index of the voxel, world position).
template <class F>
void for_each_voxel(const grid& g, const F& f) {
  for (index_t k = 0; k < g.size[2]; ++k)
    for (index_t j = 0; j < g.size[1]; ++j)
      for (index_t i = 0; i < g.size[0]; ++i)
        f(static_cast<std::size_t>(g.linear(i, j, k)), g.to_world(point{double(i), double(j), double(k)}));
}

double determinant_sign(const mat3<double>& m) {
  return determinant(m) > 0 ? 1 : -1;
}

}  // namespace

TEST_CASE("index and world maps are inverse, and the map of kernels agrees with the grid", "[image]") {
  grid g = rotated_grid({12, 9, 20}, {0.4, 1.5, 2});
  g.axes(0, 1) += 0.35;  // sheared
  const point index{3.25, -1.5, 17};
  const point world = g.to_world(index);
  REQUIRE(norm(g.to_index(world) - index) < 1e-12);
  REQUIRE(norm(world_to_index<double>(g)(world * (1 / unit_length_mm)) - index) < 1e-11);
  const vec3<float> p{float(world[0] / 64), float(world[1] / 64), float(world[2] / 64)};
  const vec3<float> x = world_to_index<float>(g)(p);
  for (int a = 0; a < 3; ++a) REQUIRE(double(x[a]) == Approx(index[a]).margin(2e-4));
}

TEST_CASE("the nearest orthogonal frame of a rotated, anisotropic, reflected grid is its rotation",
          "[image]") {
  grid g = rotated_grid({2, 2, 2}, {0.4, 1.5, 2});
  for (int flip : {1, -1}) {
    for (int r = 0; r < 3; ++r) g.axes(r, 1) *= flip;
    const mat3<double> q = nearest_orthogonal(g.axes);
    for (int a = 0; a < 3; ++a)
      for (int b = 0; b < 3; ++b) {
        const mat3<double> t = transpose(q);
        REQUIRE(dot(t.row[a], t.row[b]) == Approx(a == b ? 1.0 : 0.0).margin(1e-14));
        REQUIRE(q(a, b) * g.spacing()[b] == Approx(g.axes(a, b)).margin(1e-13));
      }
    REQUIRE(determinant_sign(q) == determinant_sign(g.axes));
  }
}

TEST_CASE("an isotropic grid with the spacing of the image is the grid of the image", "[image]") {
  const grid g = rotated_grid({12, 9, 20}, {1.5, 1.5, 1.5});
  const grid iso = isotropic_grid(g, 1.5);
  REQUIRE(iso.size == g.size);
  REQUIRE(norm(iso.origin - g.origin) < 1e-12);
  const auto v =
      fill<float>(g, [](const point& p) { return std::sin(7 * p[0]) + std::cos(5 * p[1] + p[2]); });
  const auto r = resample(exec::serial{}, v, iso);
  REQUIRE(r.inside.empty());
  for (std::size_t i = 0; i < v.voxels.size(); ++i)
    REQUIRE(r.values.voxels[i] == Approx(v.voxels[i]).margin(1e-6));
}

TEST_CASE("an isotropic grid covers the points and the margin, and stays in the field of view", "[image]") {
  const grid g = rotated_grid({100, 60, 40}, {0.7, 1.2, 2.0});
  const std::vector<point> points{g.to_world({30, 20, 10}), g.to_world({50, 40, 30})};
  const double spacing = 1.0, margin = 5;
  const grid iso = isotropic_grid(g, spacing, points, margin);
  for (int a = 0; a < 3; ++a) REQUIRE(iso.spacing()[a] == Approx(spacing));
  for (const point& p : points)
    for (int a = 0; a < 3; ++a)
      for (double side : {-1.0, 1.0}) {
        point index = iso.to_index(p);
        index[a] += side * margin / spacing;
        REQUIRE(index[a] >= -0.5);
        REQUIRE(index[a] <= double(iso.size[a]) - 0.5);
      }
  const auto v = fill<float>(g, linear_field);
  REQUIRE(resample(exec::serial{}, v, iso).inside.empty());
  // If the margin exceeds the image, the grid ends at the field of view.
  const grid all = isotropic_grid(g, spacing, points, 1e4);
  for (int c = 0; c < 8; ++c) {
    const point x = g.to_index(all.corner(c));
    for (int a = 0; a < 3; ++a) {
      REQUIRE(x[a] >= -1e-9);
      REQUIRE(x[a] <= double(g.size[a] - 1) + 1e-9);
    }
  }
  REQUIRE_THROWS_WITH(isotropic_grid(g, 1, {{1e4, 0, 0}}, 10), ContainsSubstring("field of view"));
  REQUIRE_THROWS_AS(isotropic_grid(g, 0), error);
}

TEST_CASE("a grid in other voxels has the same centre, and the same borders where they fit", "[image]") {
  const grid g = rotated_grid({6, 4, 5}, {1, 2, 0.5});
  const resized_grid made = with_voxels_of(g, {0.5, 2, 2});
  const grid& to = made.geometry;
  REQUIRE(to.size == vec<index_t, 3>{12, 2, 3});
  const auto between = [](const grid& of,
                          double share) {  // 0: the first corner of the region; 1: the last one
    point index{};
    for (int a = 0; a < 3; ++a) index[a] = share * static_cast<double>(of.size[a]) - 0.5;
    return index;
  };
  REQUIRE(norm(to.to_world(between(to, 0.5)) - g.to_world(between(g, 0.5))) < 1e-12);
  REQUIRE(norm(g.to_world(made.first) - to.origin) < 1e-12);
  for (const double share : {0.0, 1.0}) {
    const point same = g.to_index(to.to_world(between(to, share))), own = between(g, share);
    REQUIRE(same[0] == Approx(own[0]).margin(1e-12));
    REQUIRE(same[1] == Approx(own[1]).margin(1e-12));
    REQUIRE(std::abs(same[2] - own[2]) == Approx(0.5));  // 3 voxels of 2 are one longer than 5
  }
}

TEST_CASE("a linear field is exact on a finer grid, under a sheared affine", "[image]") {
  grid g = rotated_grid({14, 11, 9}, {2.1, 1.9, 2.4});
  for (int r = 0; r < 3; ++r) g.axes(r, 1) += 0.3 * g.axes(r, 0);
  const auto v = fill<double>(g, linear_field);
  const grid iso = isotropic_grid(g, 0.9);
  const auto out = resample<double>(exec::serial{}, v, iso);
  REQUIRE_FALSE(out.inside.empty());
  index_t inside = 0;
  for_each_voxel(iso, [&](std::size_t n, const point& world) {
    const point x = g.to_index(world);
    bool in = true;
    for (int a = 0; a < 3; ++a) in = in && x[a] >= -1e-6 && x[a] <= double(g.size[a] - 1) + 1e-6;
    REQUIRE((out.inside[n] != 0) == in);
    inside += in ? 1 : 0;
    if (in) REQUIRE(out.values.voxels[n] == Approx(linear_field(world)).epsilon(1e-10));
  });
  // The expected number of voxels: the volume of the field of view over the volume of a voxel.
  const double view = std::abs(determinant(g.axes)) * 13 * 10 * 8;
  REQUIRE(double(inside) == Approx(view / (0.9 * 0.9 * 0.9)).epsilon(0.08));
}

TEST_CASE("a linear field is exact on a coarser grid, away from the border", "[image]") {
  const grid g = rotated_grid({60, 50, 40}, {0.4, 0.5, 0.8});
  const auto v = fill<double>(g, linear_field);
  const grid iso = isotropic_grid(g, 1.3);
  const auto out = resample<double>(exec::serial{}, v, iso);
  index_t checked = 0;
  for_each_voxel(iso, [&](std::size_t n, const point& world) {
    const point x = g.to_index(world);
    for (int a = 0; a < 3; ++a)
      if (x[a] < 8 || x[a] > double(g.size[a]) - 9) return;
    ++checked;
    REQUIRE(out.values.voxels[n] == Approx(linear_field(world)).epsilon(1e-10));
  });
  REQUIRE(checked > 300);
}

TEST_CASE("details too fine for the new grid are averaged, not aliased", "[image]") {
  // Stripes of one voxel (0.3 mm): their mean is 0.5. Without a filter, samples at 1.2 mm would all be 0
  // or 1.
  grid g;
  g.size = {80, 12, 12};
  for (int a = 0; a < 3; ++a) g.axes(a, a) = 0.3;
  volume<std::int16_t> v(g);
  for (index_t k = 0; k < 12; ++k)
    for (index_t j = 0; j < 12; ++j)
      for (index_t i = 0; i < 80; ++i) v.at(i, j, k) = i % 2 == 0 ? 1000 : 0;
  grid coarse = g;
  coarse.size = {15, 2, 2};
  for (int a = 0; a < 3; ++a) coarse.axes(a, a) = 1.2;
  coarse.origin = {3.0, 0.6, 0.6};  // away from the mirrored ends, which would break the stripes
  for (float x : resample(exec::serial{}, v, coarse).values.voxels) REQUIRE(x == Approx(500).margin(5));
}

TEST_CASE("voxels outside the field of view repeat its border and are marked", "[image]") {
  grid g;
  g.size = {4, 1, 1};
  volume<float> v(g);
  v.voxels = {1, 2, 3, 4};
  grid wide = g;
  wide.size = {7, 1, 1};
  wide.origin = {-1.5, 0, 0};
  const auto out = resample(exec::serial{}, v, wide);
  REQUIRE(out.values.voxels == std::vector<float>{1, 1, 1.5f, 2.5f, 3.5f, 4, 4});
  REQUIRE(out.inside == std::vector<std::uint8_t>{0, 0, 1, 1, 1, 0, 0});
}

TEST_CASE("the part that a grid needs gives the same bits as the whole image", "[image]") {
  // A left-handed grid, finer than the target along two axes, so that the blur reaches beyond the target.
  grid g = rotated_grid({90, 70, 60}, {0.4, 0.6, 1.4});
  for (int r = 0; r < 3; ++r) g.axes(r, 1) *= -1;
  const auto v =
      fill<float>(g, [](const point& p) { return std::sin(9 * p[0]) * p[1] + std::cos(7 * p[2]); });
  // Targets in the middle, at a corner, and across a border.
  for (const point& middle : {point{45, 35, 30}, point{0, 69, 59}, point{89, 20, 10}}) {
    grid target = isotropic_grid(g, 1.0, {g.to_world(middle)}, 6);
    if (middle[0] == 89)
      for (int r = 0; r < 3; ++r) target.origin[r] += 5 * g.axes(r, 0);
    const voxel_box box = voxels_resampled(g, target);
    REQUIRE(box.count() < g.voxel_count() / 4);
    volume_part<float> part(g, box);
    part.voxels = crop<float>(v, box).voxels;
    const auto expected = resample(exec::serial{}, v, target);
    const auto found = resample(exec::serial{}, volume_view<float>(part), target);
    REQUIRE(found.values.voxels == expected.values.voxels);
    REQUIRE(found.inside == expected.inside);
    REQUIRE(found.field_of_view.size == g.size);
    CHECK(expected.inside.empty() == (middle[0] != 89));
    const volume_part<float> less(g, {box.first, box.size - vec<index_t, 3>{0, 0, 1}});
    REQUIRE_THROWS_AS(resample(exec::serial{}, volume_view<float>(less), target), error);
  }
}

TEST_CASE("resampling gives the same bits for any number of threads", "[image]") {
  const grid g = rotated_grid({40, 30, 20}, {0.6, 0.7, 1.4});
  const auto v = fill<float>(g, [](const point& p) { return std::sin(3 * p[0]) * p[1]; });
  const auto expected = resample(exec::serial{}, v, isotropic_grid(g, 1.0));
  for (int count : {2, 3}) {
    const auto found = resample(exec::threads(count), v, isotropic_grid(g, 1.0));
    REQUIRE(found.values.voxels == expected.values.voxels);
    REQUIRE(found.inside == expected.inside);
  }
}

TEST_CASE("crop keeps the positions of voxels, and refuses a box beyond the volume", "[image]") {
  const grid g = rotated_grid({10, 9, 8}, {1, 2, 3});
  const auto v = fill<double>(g, linear_field);
  const auto part = crop<float>(v, {{2, 3, 4}, {5, 2, 3}});
  for_each_voxel(part.geometry, [&](std::size_t n, const point& world) {
    REQUIRE(double(part.voxels[n]) == Approx(linear_field(world)).epsilon(1e-6));
  });
  REQUIRE_THROWS_WITH(crop<float>(v, {{2, 3, 4}, {5, 2, 5}}), ContainsSubstring("axis 2"));
}

TEST_CASE("the window maps HU to [0, 1] and clips", "[image]") {
  grid g;
  g.size = {7, 1, 1};
  volume<float> v(g);
  v.voxels = {-1024, -200, 400, 1000, 3000, NAN, 100};
  normalize(exec::serial{}, v);
  const float expected[] = {0, 0, 0.5f, 1, 1, 0, 0.25f};
  for (std::size_t i = 0; i < 7; ++i) REQUIRE(v.voxels[i] == Approx(expected[i]).margin(1e-6));
  REQUIRE_THROWS_WITH(normalize(exec::serial{}, v, {.low = 5, .high = 5}), ContainsSubstring("low < high"));
}

TEST_CASE("a grid without voxels or with dependent axes is refused", "[image]") {
  grid flat = rotated_grid({3, 3, 3}, {1, 1, 1});
  for (int r = 0; r < 3; ++r) flat.axes(r, 2) = flat.axes(r, 0);
  REQUIRE_THROWS_WITH(isotropic_grid(flat, 1), ContainsSubstring("independent axes"));
  REQUIRE_THROWS_AS(isotropic_grid(rotated_grid({3, 0, 3}, {1, 1, 1}), 1), error);
}
