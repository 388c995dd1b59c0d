// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Start poses: closed forms on a straight spine, equivariance under rotation, and clear errors for centres
// that cannot be a spine.
#include "diffam/spine/pose.hpp"

#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace diffam;
using namespace diffam::spine;

namespace {

constexpr double tolerance = test::tolerance<double>::formula;

double difference(const vec3<double>& a, const vec3<double>& b) {
  return norm(a - b);
}

/// Rotation by `angle` about the unit axis (Rodrigues).
mat3<double> rotation(const vec3<double>& axis, double angle) {
  mat3<double> r;
  for (int j = 0; j < 3; ++j) {
    vec3<double> e{};
    e[j] = 1;
    const vec3<double> image = e * std::cos(angle) + cross(axis, e) * std::sin(angle) +
                               axis * (dot(axis, e) * (1 - std::cos(angle)));
    for (int i = 0; i < 3; ++i) r(i, j) = image[i];
  }
  return r;
}

centroid_list curved_spine() {
  return {{20, {1, 4, 70}}, {21, {2, 9, 35}}, {22, {2, 11, 0}}, {23, {-1, 9, -35}}, {24, {0, 2, -69}}};
}

std::string message_of(const centroid_list& c, error_kind kind = error_kind::bad_data) {
  std::vector<std::string> warnings;
  try {
    start_poses(c, {}, warnings);
  } catch (const error& e) {
    REQUIRE(e.kind() == kind);
    REQUIRE(std::string(e.what()).find('\n') == std::string::npos);
    return e.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a straight spine starts along the world's axes", "[spine]") {
  std::vector<std::string> warnings;
  // Spacings 30 and 40: the ends take their only spacing, the middle takes the mean, in units of 34.3.
  const auto p = start_poses({{24, {5, 6, 0}}, {23, {5, 6, 40}}, {22, {5, 6, 70}}}, {}, warnings);
  REQUIRE(warnings.empty());
  REQUIRE(p.size() == 3);
  const double expected[3] = {30 / 34.3, 35 / 34.3, 40 / 34.3};
  const double height[3] = {70, 40, 0};
  for (std::size_t i = 0; i < 3; ++i) {
    REQUIRE(std::abs(p[i].scale - expected[i]) < tolerance);
    REQUIRE(difference(p[i].translation, {5, 6, height[i]}) == 0);
    REQUIRE(difference(p[i].basis.row[0], {expected[i], 0, 0}) < tolerance);
    REQUIRE(difference(p[i].basis.row[1], {0, expected[i], 0}) < tolerance);
    REQUIRE(difference(p[i].basis.row[2], {0, 0, expected[i]}) < tolerance);
    REQUIRE(difference(p[i]({1, 2, 3}), vec3<double>{5, 6, height[i]} + vec3<double>{1, 2, 3} * expected[i]) <
            tolerance * 100);
  }
}

TEST_CASE("poses are right-handed similarities, z on the chord of the neighbours, x in the left-right plane",
          "[spine]") {
  std::vector<std::string> warnings;
  const auto c = curved_spine();
  const auto p = start_poses(c, {}, warnings);
  for (std::size_t i = 0; i < p.size(); ++i) {
    const mat3<double> square = p[i].basis * transpose(p[i].basis);
    for (int a = 0; a < 3; ++a)
      for (int b = 0; b < 3; ++b)
        REQUIRE(std::abs(square(a, b) - (a == b ? p[i].scale * p[i].scale : 0)) < tolerance * 10);
    REQUIRE(determinant(p[i].basis) > 0);
    REQUIRE(p[i].basis(0, 0) > 0);  // x is towards the patient's right
    const auto above = c[i > 0 ? i - 1 : 0].position, below = c[i + 1 < c.size() ? i + 1 : i].position;
    REQUIRE(difference(normalized(p[i].basis.row[2]), normalized(above - below)) < tolerance * 10);
    // x, z and the world's R lie in one plane.
    REQUIRE(std::abs(dot(p[i].basis.row[1], vec3<double>{1, 0, 0})) < tolerance * 10);
  }
}

TEST_CASE("poses move with the patient", "[spine]") {
  std::vector<std::string> warnings;
  const mat3<double> turn = rotation(normalized(vec3<double>{1, -2, 0.5}), 2.1);
  const vec3<double> shift{100, -40, 7};
  auto moved = curved_spine();
  for (auto& x : moved) x.position = turn * x.position + shift;
  pose_params turned;
  turned.patient = transpose(turn);  // rows: images of the axes
  const auto before = start_poses(curved_spine(), {}, warnings);
  const auto after = start_poses(moved, turned, warnings);
  const vec3<double> probe{3, -20, 11};
  for (std::size_t i = 0; i < before.size(); ++i)
    REQUIRE(difference(after[i](probe), turn * before[i](probe) + shift) < tolerance * 1000);
}

TEST_CASE("a missing level divides the gap and gives a warning", "[spine]") {
  std::vector<std::string> warnings;
  const auto p = start_poses({{20, {0, 0, 105}}, {22, {0, 0, 35}}, {23, {0, 0, 0}}}, {}, warnings);
  for (const auto& x : p) REQUIRE(std::abs(x.scale - 35 / 34.3) < tolerance);
  REQUIRE(warnings.size() == 1);
  REQUIRE(warnings[0].find("L1 and L3") != std::string::npos);
  warnings.clear();
  start_poses({{19, {0, 0, 35}}, {20, {0, 0, 0}}}, {}, warnings);  // without a T13 no level is missing
  REQUIRE(warnings.empty());
  start_poses({{19, {0, 0, 50}}, {20, {0, 0, 0}}}, {}, warnings);
  REQUIRE(warnings.size() == 1);
  REQUIRE_THAT(message_of({{19, {0, 0, 350}}, {20, {0, 0, 0}}}), ContainsSubstring("10.94 times"));
}

TEST_CASE("a vertebra on its own stands upright", "[spine]") {
  std::vector<std::string> warnings;
  const auto p = start_poses({{22, {1, 2, 3}}}, {}, warnings);
  REQUIRE(p.size() == 1);
  REQUIRE(p[0].scale == 1);
  for (int a = 0; a < 3; ++a) REQUIRE(p[0].basis.row[a] == mat3<double>::identity().row[a]);
  pose_params small;
  small.single_scale = 0.5;
  REQUIRE(start_poses({{22, {1, 2, 3}}}, small, warnings)[0].basis(1, 1) == 0.5);
}

TEST_CASE("centres that cannot be a spine give a clear one-line error", "[spine]") {
  auto c = curved_spine();
  REQUIRE(message_of(c) == "no error");
  std::swap(c[2].position, c[3].position);
  REQUIRE_THAT(message_of(c), ContainsSubstring("a turn back at L3"));
  c = curved_spine();
  for (auto& x : c) x.position[2] *= -1;  // upside down
  REQUIRE_THAT(message_of(c), ContainsSubstring("order: expected L1 above L5, found it below"));
  c = curved_spine();
  c[3].label = 20;
  REQUIRE_THAT(message_of(c), ContainsSubstring("L1: expected one centre, found two"));
  c = curved_spine();
  c[3].position = c[1].position + vec3<double>{0.5, 0, 0};
  REQUIRE_THAT(message_of(c),
               ContainsSubstring("L2 and L4: expected centres in two places, found both at one"));
  c = curved_spine();
  c[1].position[0] = std::nan("");
  REQUIRE_THAT(message_of(c), ContainsSubstring("L2: expected a place, found not a number"));
  c = curved_spine();
  c[1].label = 26;
  REQUIRE_THAT(message_of(c), ContainsSubstring("found 26"));
  REQUIRE_THAT(message_of({}), ContainsSubstring("found none"));
  REQUIRE_THAT(message_of({{20, {70, 0, 3}}, {21, {35, 0, 2}}, {22, {0, 0, 0}}}),
               ContainsSubstring("left-right"));
}
