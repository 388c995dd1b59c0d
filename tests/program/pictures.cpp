// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The pictures: geometry of the curved section, contours, lines and axis ticks.
#include <algorithm>
#include <cmath>

#include "diffam/mesh/primitives.hpp"
#include "pictures/curve_plot.hpp"
#include "pictures/snapshot.hpp"
#include "pictures/spine_section.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::program;

namespace {

const spine::centroid_list centres{{20, {4, -10, 100}}, {21, {6, -4, 66}}, {22, {5, 3, 30}}};

/// Bright where y > 0 (anterior), so that left and right of a picture differ.
volume<float> half_bright() {
  grid g;
  g.size = {60, 60, 140};
  g.origin = {-30, -30, -5};
  volume<float> ct(g);
  for (index_t k = 0; k < 140; ++k)
    for (index_t j = 0; j < 60; ++j)
      for (index_t i = 0; i < 60; ++i) ct.at(i, j, k) = j > 30 ? 2000.f : -1000.f;
  return ct;
}

/// sRGB to linear RGB, 0 to 1.
vec3<double> linear(const colour& c) {
  vec3<double> out{c.red / 255.0, c.green / 255.0, c.blue / 255.0};
  for (double& v : out.v) v = v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  return out;
}

/// Linear RGB to CIELAB (D65).
vec3<double> lab(const vec3<double>& rgb) {
  const mat3<double> to_xyz{{{0.4124, 0.3576, 0.1805}, {0.2126, 0.7152, 0.0722}, {0.0193, 0.1192, 0.9505}}};
  vec3<double> f = rgb;
  for (double& v : f.v) v = std::clamp(v, 0.0, 1.0);
  f = to_xyz * f;
  const double white_point[] = {0.9505, 1, 1.089};
  for (int a = 0; a < 3; ++a) {
    const double t = f[a] / white_point[a];
    f[a] = t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116;
  }
  return {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

}  // namespace

TEST_CASE("the spine's curve passes through the centres and has no jumps", "[program]") {
  const spine_curve curve(centres);
  for (const auto& c : centres)
    for (int axis = 0; axis < 2; ++axis) CHECK(curve.at(axis, c.position[2]) == Approx(c.position[axis]));
  for (double z = -50; z < 200; z += 0.5)
    for (int axis = 0; axis < 2; ++axis) CHECK(std::abs(curve.at(axis, z + 0.5) - curve.at(axis, z)) < 0.5);
  CHECK(curve.at(0, 1000) == curve.at(0, 141));  // the curve is vertical far above
  const spine_curve one(spine::centroid_list{centres[0]});
  CHECK(one.at(0, -500) == 4);
}

TEST_CASE("pixels and world positions of a section are inverse to each other, and mm are mm", "[program]") {
  const spine_curve curve(centres);
  for (const auto kind : {section_kind::sagittal, section_kind::coronal}) {
    const spine_section s(kind, curve, {-30, 40, 0, 120}, 2.5);
    CHECK(s.pixel_width() == 175);
    CHECK(s.pixel_height() == 300);
    const auto p = s.pixel(s.world(17, 203));
    CHECK(p[0] == Approx(17));
    CHECK(p[1] == Approx(203));
    const int across = kind == section_kind::sagittal ? 1 : 0;
    CHECK(s.world(0, 0)[across] >
          s.world(10, 0)[across]);                // anterior, or the patient's right, is on the left
    CHECK(s.world(0, 0)[2] > s.world(0, 10)[2]);  // the head is up
  }
}

TEST_CASE("a section shows the CT at its world position", "[program]") {
  const spine_section s(section_kind::sagittal, spine_curve(spine::centroid_list{{20, {0, 0, 60}}}),
                        {-25, 25, 20, 100}, 2);
  const canvas picture = s.picture(half_bright(), {});
  CHECK(picture.at(5, 50) == white);
  CHECK(picture.at(picture.width() - 5, 50) == black);
}

TEST_CASE("no label is drawn half a voxel beyond the label volume", "[program]") {
  volume<std::uint8_t> labels(half_bright().geometry);
  for (index_t k = 0; k < 140; ++k)
    for (index_t i = 0; i < 60; ++i) labels.at(i, 59, k) = 22;  // the last row of each slice
  const spine_section s(section_kind::sagittal, spine_curve(spine::centroid_list{{20, {0, 0, 60}}}),
                        {-31, 40, 20, 100}, 1);
  canvas picture(s.pixel_width(), s.pixel_height());
  s.tint(picture, labels, 0.5);
  REQUIRE(s.world(70, 40)[1] == -30.5);  // index -0.5
  CHECK(picture.at(70, 40) == black);
  REQUIRE(s.world(10, 40)[1] == 29.5);  // index 59.5
  CHECK(picture.at(10, 40) == black);
  CHECK_FALSE(picture.at(11, 40) == black);
}

TEST_CASE("the contour of a ball is a circle of its radius", "[program]") {
  auto ball = make_icosphere<double>(5, 20);
  for (auto& v : ball.vertices) v += vec3<double>{3, 2, 60};
  const spine_section s(section_kind::sagittal, spine_curve(spine::centroid_list{{20, {3, 2, 60}}}),
                        {-40, 40, 20, 100}, 4);
  canvas picture(s.pixel_width(), s.pixel_height());
  s.contour(picture, ball, 2, white);
  const auto middle = s.pixel({3, 2, 60});
  index_t drawn = 0;
  for (index_t y = 0; y < picture.height(); ++y)
    for (index_t x = 0; x < picture.width(); ++x) {
      if (picture.at(x, y) == black) continue;
      ++drawn;
      const double r = std::hypot(static_cast<double>(x) - middle[0], static_cast<double>(y) - middle[1]) / 4;
      REQUIRE(std::abs(r - 20) < 0.5);  // half of the line width, and anti-aliasing
    }
  CHECK(drawn > 500);  // the contour is closed: 2 pi r = 503 pixels
}

TEST_CASE("a snapshot holds both sections, contours and colours", "[program]") {
  auto ball = make_icosphere<double>(3, 14);
  for (auto& v : ball.vertices) v += vec3<double>{0, 0, 60};
  spine::fitted_vertebra vertebra;
  vertebra.label = 22;
  vertebra.mesh = ball;
  vertebra.centre = {0, 0, 60};
  const canvas picture = draw_snapshot(half_bright(), {vertebra}, nullptr, {.title = "name"});
  index_t coloured_left = 0, coloured_right = 0;
  for (index_t y = 0; y < picture.height(); ++y)
    for (index_t x = 0; x < picture.width(); ++x)
      if (picture.at(x, y) == label_colour(22)) ++(x < picture.width() / 2 ? coloured_left : coloured_right);
  CHECK(coloured_left > 200);
  CHECK(coloured_right > 200);
}

TEST_CASE("a snapshot needs only the voxels of voxels_shown", "[program]") {
  grid g;
  g.size = {300, 300, 200};
  g.axes = mat3<double>{{{0.9, -0.2, 0}, {0.2, 0.9, 0.1}, {0, -0.1, 1.2}}};
  g.origin = {-120, -160, -60};
  volume<float> ct(g);
  for (std::size_t n = 0; n < ct.voxels.size(); ++n)
    ct.voxels[n] = static_cast<float>((n * 7919) % 1400) - 250;
  std::vector<spine::fitted_vertebra> vertebrae;
  for (const auto& c : centres) {
    spine::fitted_vertebra v;
    v.label = c.label;
    v.centre = c.position + vec3<double>{3, -4, 2};
    v.mesh = make_icosphere<double>(2, 12);
    for (auto& p : v.mesh.vertices) p += v.centre;
    vertebrae.push_back(v);
  }
  const voxel_box box = voxels_shown(centres, g, 15);
  REQUIRE(box.count() < g.voxel_count() / 2);
  volume_part<float> part(g, box);
  part.voxels = crop<float>(ct, box).voxels;
  const volume_part<std::uint8_t> labels(g, {});
  const canvas whole = draw_snapshot(ct, vertebrae, &labels),
               parted = draw_snapshot(part, vertebrae, &labels);
  REQUIRE(whole.image().data == parted.image().data);
  const canvas nothing = draw_snapshot(volume_part<float>(g, {}), vertebrae, nullptr);
  REQUIRE_FALSE(nothing.image().data == whole.image().data);
}

TEST_CASE("near levels have different colours for every kind of colour vision", "[program]") {
  // Linear RGB as people without one kind of cones see it: Machado et al., IEEE Trans. Vis. Comput. Graph.
  // 15, 2009, severity 1: none missing, long, middle, short wavelengths missing.
  const mat3<double> seen[] = {
      mat3<double>::identity(),
      {{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
      {{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}},
      {{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}}};
  for (int l = 1; l < 28; ++l)
    for (int k = 1; k <= 3; ++k)
      for (const auto& vision : seen) {
        const double difference =
            norm(lab(vision * linear(label_colour(l))) - lab(vision * linear(label_colour(l + k))));
        INFO(l << " and " << l + k);
        CHECK(difference > (k == 1 ? 20 : 15));  // 2.3 is just noticeable
      }
}

TEST_CASE("ticks are round numbers within the range", "[program]") {
  CHECK(round_ticks(0, 10, 5) == std::vector<double>{0, 2, 4, 6, 8, 10});
  CHECK(round_ticks(-30, 30, 6).front() == -30);
  CHECK(round_ticks(0, 0, 5).empty());
  CHECK(round_ticks(0, HUGE_VAL, 5).empty());
}

TEST_CASE("a curve with gaps is drawn where it is finite", "[program]") {
  const canvas plot = draw_curve({0, 1, 2, 3}, {0, 1, NAN, 1}, {"t", "x", "y"});
  CHECK(plot.width() > 0);
  const canvas none = draw_curve({}, {}, {"t", "x", "y"});
  CHECK(none.width() == plot.width());
}
