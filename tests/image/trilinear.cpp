// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Trilinear values, gradients and their derivatives, against an independent implementation, against fields
// with known derivatives, and against finite differences.
#include "diffam/image/trilinear.hpp"

#include "diffam/check/gradient.hpp"
#include "support/golden_image.hpp"
#include "support/tolerance.hpp"

using namespace diffam;

namespace {

using point = vec3<double>;

/// The values f(world position) on a sheared, rotated grid.
template <class F>
masked_volume<double> field(const vec<index_t, 3>& size, const F& f) {
  grid g;
  g.size = size;
  g.axes = {{{1.1, -0.3, 0.2}, {0.4, 0.9, -0.5}, {-0.1, 0.6, 1.3}}};
  g.origin = {-12, 31, 7};
  volume<double> v(g);
  for (index_t k = 0; k < size[2]; ++k)
    for (index_t j = 0; j < size[1]; ++j)
      for (index_t i = 0; i < size[0]; ++i)
        v.at(i, j, k) = f(g.to_world(point{double(i), double(j), double(k)}));
  return fully_measured(std::move(v));
}

double random_field(const point& p) {
  return std::sin(37 * p[0] + 5 * p[1]) * std::cos(23 * p[2] - 11 * p[1]);
}

template <class Gradient>
auto space_of(masked_volume<double> v) {
  return scale_space<double, exec::serial, Gradient, double>(exec::serial{}, std::move(v), {.sigma = 0});
}

/// World points in unit lengths. Their index coordinates are at least `margin` away from multiples of 1/2.
std::vector<point> points_off_kinks(const grid& g, int count, double margin) {
  std::vector<point> out;
  for (std::uint64_t n = 0; static_cast<int>(out.size()) < count; ++n) {
    const auto r = check::detail::random_vector(3, 11, n);
    point index{};
    bool off = true;
    for (int a = 0; a < 3; ++a) {
      index[a] = (r[static_cast<std::size_t>(a)] + 1) / 2 * static_cast<double>(g.size[a] + 1) - 1;
      const double half = 2 * index[a] - std::floor(2 * index[a]);
      off = off && half > margin && half < 1 - margin;
    }
    if (off) out.push_back(g.to_world(index) * (1 / unit_length_mm));
  }
  return out;
}

/// True at whole and half indices (two of the golden points), where the derivative is a choice between two
/// sides.
bool at_a_kink(const point& index, const vec<index_t, 3>& size) {
  bool found = false;
  for (int a = 0; a < 3; ++a)
    found = found || (index[a] > 0 && index[a] < double(size[a] - 1) &&
                      std::abs(2 * index[a] - std::round(2 * index[a])) < 1e-9);
  return found;
}

template <class Sampler>
void require_pullback_agrees(const Sampler& image, const grid& g) {
  const double h = 1e-4;  // a step of 6e-3 voxels
  const point c{0.7, -1.3, 0.4};
  for (const point& p : points_off_kinks(g, 60, 0.05)) {
    point numeric{};
    for (int a = 0; a < 3; ++a) {
      const auto central = [&](double length) {
        point step{};
        step[a] = length;
        return (dot(c, image.gradient(p + step)) - dot(c, image.gradient(p - step))) / (2 * length);
      };
      numeric[a] = (4 * central(h / 2) - central(h)) / 3;  // exact for the cubic polynomial within a cell
    }
    const point analytic = image.gradient_pullback(p, c);
    REQUIRE(norm(analytic - numeric) <= test::tolerance<double>::gradient * (1 + norm(numeric)));
  }
}

}  // namespace

TEST_CASE("trilinear value, its gradient and the central difference agree with the golden values",
          "[image]") {
  if (!test::golden::present("image")) return;
  const test::golden g("image");
  const auto p = g.matrix("P"), c = g.matrix("C");
  const auto d = g.matrix("gd");
  const auto central_space = test::golden_space();
  const auto cell_space = test::golden_space<cell_gradient>();
  const auto central = central_space.sampler();
  const auto cell = cell_space.sampler();
  const index_t n = p.get().rows;
  buffer<double> value(n), d_value(n, 3), gradient(n, 3), d_gradient(n, 3), jet_value(n);
  buffer<double> want_d_value = g.matrix("grad_P"), want_d_gradient = g.matrix("gradgrad_P");
  index_t at_kinks = 0;
  for (index_t i = 0; i < n; ++i) {
    const point at = load3(p.get(), i);
    value.get()[i] = central.value(at);
    jet_value.get()[i] = central.jet(at).value;
    store3(d_value.get(), i, cell.gradient(at) * d.get()[i]);
    store3(gradient.get(), i, central.gradient(at));
    store3(d_gradient.get(), i, central.gradient_pullback(at, load3(c.get(), i)));
    if (!at_a_kink(central.to_index(at), {12, 10, 8})) continue;
    ++at_kinks;
    store3(want_d_value.get(), i, load3(d_value.get(), i));
    store3(want_d_gradient.get(), i, load3(d_gradient.get(), i));
  }
  REQUIRE(at_kinks == 2);
  constexpr double limit = test::tolerance<double>::golden;
  REQUIRE(test::relative_difference(value.get(), g.matrix("val").get()) < limit);
  REQUIRE(test::relative_difference(jet_value.get(), g.matrix("val").get()) < limit);
  REQUIRE(test::relative_difference(d_value.get(), want_d_value.get()) < limit);
  REQUIRE(test::relative_difference(gradient.get(), g.matrix("grad").get()) < limit);
  REQUIRE(test::relative_difference(d_gradient.get(), want_d_gradient.get()) < limit);
}

TEST_CASE("value and gradient of a linear field are exact under any affine map", "[image]") {
  const point slope{0.3, -0.7, 0.2};  // per mm
  const auto v = field({9, 8, 7}, [&](const point& p) { return dot(slope, p) + 5; });
  const auto space = space_of<central_difference>(v);
  const auto cells = space_of<cell_gradient>(v);
  for (std::uint64_t n = 0; n < 50; ++n) {
    const auto r = check::detail::random_vector(3, 5, n);
    const point index{4 + 2.4 * r[0], 3.5 + 2.4 * r[1], 3 + 2.4 * r[2]};  // at least a voxel away from the
                                                                          // border
    const point world = v.values.geometry.to_world(index), p = world * (1 / unit_length_mm);
    REQUIRE(space.sampler().value(p) == Approx(dot(slope, world) + 5).epsilon(1e-12));
    REQUIRE(norm(space.sampler().gradient(p) - slope * unit_length_mm) < 1e-10);
    REQUIRE(norm(cells.sampler().gradient(p) - slope * unit_length_mm) < 1e-10);
    REQUIRE(norm(space.sampler().gradient_pullback(p, {1, 2, 3})) < 1e-8);
  }
}

TEST_CASE("the pullback of the gradient agrees with finite differences, inside and outside the volume",
          "[image]") {
  const auto v = field({7, 6, 5}, random_field);
  SECTION("central difference") {
    const auto space = space_of<central_difference>(v);
    require_pullback_agrees(space.sampler(), v.values.geometry);
  }
  SECTION("gradient in the cell") {
    const auto space = space_of<cell_gradient>(v);
    require_pullback_agrees(space.sampler(), v.values.geometry);
  }
}

TEST_CASE("no coordinate causes a read outside the volume", "[image]") {
  const auto v = field({3, 1, 2}, random_field);  // one voxel along j
  const auto space = space_of<central_difference>(v);
  const auto image = space.sampler();
  for (double x : {-1e30, -3.0, 0.0, 0.4, 5.0, 1e30, HUGE_VAL, double(NAN)})
    for (double y : {-1e30, 0.5, 1e30}) {
      const double value = image.jet({x, y, 0.1}).value + image.value({x, y, 0.1});
      if (std::isfinite(x)) REQUIRE(std::isfinite(value));
    }
  REQUIRE_FALSE(image.inside({double(NAN), 0, 0}));
}

TEST_CASE("values, jets and inside tests of several lanes equal those of single points", "[image]") {
  const auto v = field({5, 4, 3}, random_field);
  const grid g = v.values.geometry;
  const auto space = space_of<central_difference>(v);
  const auto image = space.sampler();
  using row = lanes<double, 4>;
  const std::vector<point> points = points_off_kinks(g, 200, 0.01);  // some up to a voxel outside
  for (std::size_t first = 0; first < points.size(); first += 4) {
    double at[3][4], value[4], inside[4];
    for (std::size_t l = 0; l < 4; ++l)
      for (int a = 0; a < 3; ++a) at[a][l] = points[first + l][a];
    const vec3<row> p{row::load(at[0]), row::load(at[1]), row::load(at[2])};
    image.value(p).store(value);
    const image_jet<row> jets = image.jet(p);
    double gradient[3][4], d_gradient[3][3][4], jet_value[4];
    jets.value.store(jet_value);
    for (int a = 0; a < 3; ++a) {
      jets.gradient[a].store(gradient[a]);
      for (int b = 0; b < 3; ++b) jets.d_gradient(a, b).store(d_gradient[a][b]);
    }
    select(image.inside(p), row(1), row(0)).store(inside);
    for (std::size_t l = 0; l < 4; ++l) {
      REQUIRE(value[l] == Approx(image.value(points[first + l])).margin(1e-12));
      REQUIRE((inside[l] > 0) == image.inside(points[first + l]));
      const image_jet<double> alone = image.jet(points[first + l]);
      REQUIRE(jet_value[l] == Approx(alone.value).margin(1e-12));
      for (int a = 0; a < 3; ++a) {
        REQUIRE(gradient[a][l] == Approx(alone.gradient[a]).margin(1e-10));
        for (int b = 0; b < 3; ++b)
          REQUIRE(d_gradient[a][b][l] == Approx(alone.d_gradient(a, b)).margin(1e-8));
      }
    }
  }
}
