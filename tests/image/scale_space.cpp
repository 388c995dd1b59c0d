// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The image from coarse to fine: levels have the stated blur, the clock selects and blends them, and the
// field of view is that of the image.
#include "diffam/image/scale_space.hpp"

#include "diffam/check/gradient.hpp"
#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "diffam/image/resample.hpp"
#include "support/allocation.hpp"
#include "support/catch.hpp"

using namespace diffam;

namespace {

using point = vec3<double>;

grid cube(index_t n) {
  grid g;
  g.size = {n, n, n};
  g.origin = {-0.5 * double(n - 1), -0.5 * double(n - 1), -0.5 * double(n - 1)};
  return g;
}

/// A smooth bump of standard deviation s mm at the origin.
double bump(const point& p, double s) {
  return std::exp(-squared_norm(p) / (2 * s * s));
}

volume<float> bump_volume(index_t n, double s) {
  volume<float> v(cube(n));
  for (index_t k = 0; k < n; ++k)
    for (index_t j = 0; j < n; ++j)
      for (index_t i = 0; i < n; ++i)
        v.at(i, j, k) = float(bump(v.geometry.to_world({double(i), double(j), double(k)}), s));
  return v;
}

using space = scale_space<double, exec::serial>;

struct ticking {
  iteration_clock<exec::serial> clock{101};
  const clock_state* at(double progress) {
    clock.set({static_cast<std::uint64_t>(100 * progress + 0.5), 101});
    return clock.state();
  }
};

}  // namespace

TEST_CASE("the blur decreases linearly to 0 at 80 % of the run, then stays 0", "[image]") {
  const blur_schedule<double> s;
  REQUIRE(s(0.0) == Approx(2.56));
  REQUIRE(s(0.2) == Approx(1.92));
  REQUIRE(s(0.4) == Approx(1.28));
  REQUIRE(s(0.8) == 0);
  REQUIRE(s(1.0) == 0);
}

TEST_CASE("at every time the image is the original with the blur of the schedule", "[image]") {
  // The maximum of a Gaussian of s after a blur of sigma is (s^2 / (s^2 + sigma^2))^(3/2).
  const double s = 4;
  const exec::serial e;
  const space levels(e, fully_measured(bump_volume(41, s)));
  REQUIRE(levels.levels() == 9);
  REQUIRE(levels.bytes() == std::size_t{9} * 41 * 41 * 41 * sizeof(float));
  ticking t;
  const blur_schedule<double> schedule;
  for (double progress = 0; progress <= 1; progress += 0.05) {
    const auto image = levels.sampler(t.at(progress));
    const double sigma = schedule(t.clock.get().progress<double>());
    const double t = sigma * sigma, all = s * s + t;
    // The fourth cumulant of the discrete Gaussian is also t: its maximum is higher by t / (8 all^2) along
    // each axis.
    const double expected = std::pow(s * s / all, 1.5) * std::pow(1 + t / (8 * all * all), 3);
    INFO("progress " << progress);
    // Between levels the blend is too high by at most dt^2 / 8 times 15 / (4 all^2), dt = 2.56^2 - 2.24^2.
    REQUIRE(image.value({0, 0, 0}) == Approx(expected).epsilon(2.6e-3));
  }
}

TEST_CASE("between two levels the blend is close to the blur in between", "[image]") {
  const exec::serial e;
  const auto v = bump_volume(31, 1.2);  // sharp, so that levels differ much
  const space levels(e, fully_measured(v));
  ticking t;
  const auto image = levels.sampler(t.at(0.25));  // sigma 1.76, halfway between two levels that are 0.32
                                                  // apart
  const auto exact = blur(e, v, 1.76);
  double worst = 0;
  for (index_t i = 5; i < 26; ++i) {
    const point world = v.geometry.to_world({double(i), 14, 16});
    worst =
        std::max(worst, std::abs(image.value(world * (1 / unit_length_mm)) - double(exact.at(i, 14, 16))));
  }
  // Linear in t = sigma^2: the error is below (dt)^2 / 8 times the largest second derivative in t of the top,
  // (s^2 / (s^2 + t))^(3/2): 15/4 s^3 (s^2 + t)^(-7/2) at t = 1.6^2.
  const double dt = 1.92 * 1.92 - 1.6 * 1.6;
  const double curvature = 3.75 * std::pow(1.2, 3) * std::pow(1.2 * 1.2 + 1.6 * 1.6, -3.5);
  REQUIRE(worst < dt * dt / 8 * curvature);
}

TEST_CASE("the last fifth of the run and a sampler without a clock use the original", "[image]") {
  const exec::serial e;
  const auto v = bump_volume(15, 1.0);
  const space levels(e, fully_measured(v));
  ticking t;
  for (const clock_state* clock : {t.at(0.85), static_cast<const clock_state*>(nullptr)}) {
    const auto image = levels.sampler(clock);
    for (index_t i = 0; i < 15; ++i) {
      const point p = v.geometry.to_world({double(i), 7, 6}) * (1 / unit_length_mm);
      REQUIRE(image.value(p) == Approx(double(v.at(i, 7, 6))).margin(1e-7));
    }
  }
}

TEST_CASE("an existing sampler follows its clock", "[image]") {
  const space levels(exec::serial{}, fully_measured(bump_volume(21, 1.5)));
  ticking t;
  const auto image = levels.sampler(t.at(0));
  const double before = image.value({0, 0, 0});
  (void)t.at(1);
  REQUIRE(image.value({0, 0, 0}) > 1.5 * before);
}

TEST_CASE("value, gradient and pullback belong to the same blended image", "[image]") {
  const space levels(exec::serial{}, fully_measured(bump_volume(25, 2.5)));
  ticking t;
  const auto image = levels.sampler(t.at(0.13));
  const double voxel = 1 / unit_length_mm, h = 1e-6;
  const point p{2.13 * voxel, -1.31 * voxel, 3.37 * voxel}, c{0.3, -1, 0.8};
  REQUIRE(image.jet(p).value == Approx(image.value(p)).epsilon(1e-12));
  for (int a = 0; a < 3; ++a) {
    point half{}, step{};
    half[a] = voxel / 2;
    step[a] = h;
    const double central = (image.value(p + half) - image.value(p - half)) / voxel;
    REQUIRE(image.gradient(p)[a] == Approx(central).epsilon(1e-10));
    const double numeric = (dot(c, image.gradient(p + step)) - dot(c, image.gradient(p - step))) / (2 * h);
    REQUIRE(image.gradient_pullback(p, c)[a] == Approx(numeric).epsilon(1e-6));
  }
}

TEST_CASE("inside is the field of view of the image, also on a rotated grid", "[image]") {
  grid g;
  g.size = {20, 16, 12};
  const double c = std::cos(0.5), s = std::sin(0.5);
  g.axes = {{{1.5 * c, -2 * s, 0.0}, {1.5 * s, 2 * c, 0.4}, {0, 0, 2.5}}};  // the third axis is tilted
  const volume<float> v(g, 1.0f);
  const exec::serial e;
  const grid iso = isotropic_grid(g, 1.0);
  const space levels(e, resample(e, v, iso), {.levels = 2});
  const auto image = levels.sampler();
  index_t in = 0;
  for (std::uint64_t n = 0; n < 4000; ++n) {
    const auto r = check::detail::random_vector(3, 9, n);
    const point x{9.5 + 12 * r[0], 7.5 + 10 * r[1], 5.5 + 8 * r[2]};
    const bool expected = inside_view(x, g.size);
    const point world = g.to_world(x);
    if (image.inside(world * (1 / unit_length_mm)) != expected) {
      // Only points at the end of the grid, half a voxel beyond its last centres, may differ.
      const point at = iso.to_index(world);
      double over = -1;
      for (int a = 0; a < 3; ++a) over = std::max({over, -0.5 - at[a], at[a] - (double(iso.size[a]) - 0.5)});
      REQUIRE(over > -1e-9);
      REQUIRE(over < 1e-9);
    }
    in += expected ? 1 : 0;
    if (expected) REQUIRE(image.value(world * (1 / unit_length_mm)) == Approx(1).epsilon(1e-5));
  }
  REQUIRE(in > 1000);
}

TEST_CASE("sampling allocates nothing, and levels do not depend on threads", "[image]") {
  const auto v = bump_volume(19, 2.0);
  const space one(exec::serial{}, fully_measured(v));
  const scale_space<double, exec::threads> two(exec::threads(2), fully_measured(v));
  ticking t;
  const auto a = one.sampler(t.at(0.3));
  const auto b = two.sampler(t.clock.state());
  const auto before = test::allocation_count();
  int differences = 0;
  for (int i = 0; i < 100; ++i) {
    const point p{0.001 * i, 0.0007 * i, -0.0004 * i};
    differences += a.value(p) != b.value(p) || !(a.gradient(p) == b.gradient(p)) ? 1 : 0;
  }
  REQUIRE(test::allocation_count() == before);
  REQUIRE(differences == 0);
}

TEST_CASE("a scale space refuses invalid parameters", "[image]") {
  const auto v = bump_volume(5, 1.0);
  REQUIRE_THROWS_AS(space(exec::serial{}, fully_measured(v), {.sigma = -1}), error);
  REQUIRE_THROWS_AS(space(exec::serial{}, fully_measured(v), {.levels = 0}), error);
  auto sheared = v;
  sheared.geometry.axes(0, 1) = 0.2;
  REQUIRE_THROWS_WITH(space(exec::serial{}, fully_measured(sheared)), ContainsSubstring("right angles"));
  REQUIRE(space(exec::serial{}, fully_measured(sheared), {.sigma = 0}).levels() == 1);
}
