// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Eight at once is the same as one at a time: lanes, sets of lanes, closest points, distances in planes.
#include "diffam/sdf/closest_lanes.hpp"
#include "diffam/sdf/plane_lanes.hpp"
#include "fixtures.hpp"

using namespace diffam;

namespace {

/// Triangle shapes: ordinary, a needle, a cap, and the degenerate ones.
template <class T>
triangle_lanes<T> eight_triangles(std::uint64_t number) {
  const auto x = check::detail::random_vector(9 * lane_count, 21, number);
  triangle_lanes<T> f;
  for (int l = 0; l < lane_count; ++l) {
    f.face[l] = l;
    vec3<double> v[3];
    for (int c = 0; c < 3; ++c)
      for (int k = 0; k < 3; ++k) v[c][k] = x[static_cast<std::size_t>(9 * l + 3 * c + k)];
    if (l == 2) v[2] = v[1] + (v[2] - v[1]) * 1e-4;        // a needle
    if (l == 3) v[2] = (v[0] + v[1]) * 0.5 + v[2] * 1e-4;  // a cap
    if (l == 4) v[2] = v[1];                               // a segment
    if (l == 5) v[1] = v[0];                               // the same, along the other edge
    if (l == 6) v[2] = v[0] + (v[1] - v[0]) * 0.3;         // three points on a line
    if (l == 7) v[1] = v[0], v[2] = v[0];                  // a point
    for (int c = 0; c < 3; ++c)
      for (int k = 0; k < 3; ++k) f.v[c][k][l] = static_cast<T>(v[c][k]);
  }
  return f;
}

template <class T>
vec3<T> corner(const triangle_lanes<T>& f, int c, int l) {
  return {f.v[c][0][l], f.v[c][1][l], f.v[c][2][l]};
}

}  // namespace

TEMPLATE_TEST_CASE("sets and sums of lanes", "[sdf]", float, double) {
  using T = TestType;
  const T x[lane_count] = {3, -1, 4, -1, 5, -9, 2, 6};
  const auto v = lane_vector<T>::load(x);
  REQUIRE(least_of(v) == T(-9));
  REQUIRE(most_of(v) == T(6));
  REQUIRE(lane_sum(v) == T(9));
  REQUIRE(to_set(v < lane_vector<T>(T(0))) == 0b00101010u);
  T root[lane_count];
  sqrt(v * v).store(root);
  for (int l = 0; l < lane_count; ++l) REQUIRE(root[l] == std::abs(x[l]));
  for (lane_set s = 0; s <= all_lanes; ++s) {
    stored_index out[lane_count + 1] = {};
    const int n = append_lanes(s, 100, out);
    int expected = 0;
    for (int l = 0; l < lane_count; ++l)
      if ((s >> l & 1u) != 0) REQUIRE(out[expected++] == 100 + l);
    REQUIRE(n == expected);
    if (s != 0) REQUIRE(100 + first_lane(s) == out[0]);
  }
  for (stored_index l = -9; l < 20; ++l) REQUIRE(lane_alone(l) == (l >= 0 && l < lane_count ? 1u << l : 0u));
}

TEMPLATE_TEST_CASE("the least of lanes is found in every place", "[sdf]", float, double) {
  using T = TestType;
  for (int at = 0; at < lane_count; ++at) {
    T x[lane_count];
    for (int l = 0; l < lane_count; ++l) x[l] = l == at ? T(-2) : T(l);
    REQUIRE(least_of(lane_vector<T>::load(x)) == T(-2));
    for (int l = 0; l < lane_count; ++l) x[l] = l == at ? T(20) : T(l);
    REQUIRE(most_of(lane_vector<T>::load(x)) == T(20));
  }
}

TEMPLATE_TEST_CASE("rows are gathered whole, the last one too", "[sdf]", float, double) {
  using T = TestType;
  const auto points = test::random_points<T>(9, 1, 3);
  const stored_index row[lane_count] = {8, 0, 3, 3, 7, 1, 8, 5};
  T column[3][lane_count];
  detail::gather_rows(points.get().data, row).store(column);
  for (int l = 0; l < lane_count; ++l)
    for (int k = 0; k < 3; ++k) REQUIRE(column[k][l] == points.get()(row[l], k));
}

TEMPLATE_TEST_CASE("closest points of eight triangles are those of each", "[sdf]", float, double) {
  using T = TestType;
  const auto near = [](T a, T b) {
    return std::abs(a - b) <= 200 * detail::rounding<T>() * (1 + std::abs(b));
  };
  for (std::uint64_t number = 0; number < 300; ++number) {
    const auto f = eight_triangles<T>(number);
    const auto p = load3(test::random_points<T>(1, number % 3 == 0 ? 10 : 1.5, number).get(), 0);
    nearest_face<T> scalar = detail::no_face<T>(), lanes = scalar;
    for (int l = 0; l < lane_count; ++l) {
      const auto c = closest_on_triangle(p, corner(f, 0, l), corner(f, 1, l), corner(f, 2, l));
      nearest_face<T> one = detail::no_face<T>();
      detail::settle_lanes(f, 1u << l, p, one);
      REQUIRE(one.face == l);
      REQUIRE(near(one.squared_distance, c.squared_distance));
      REQUIRE(near(one.bary[0] + one.bary[1] + one.bary[2], T(1)));
      const vec3<T> q =
          corner(f, 0, l) * one.bary[0] + corner(f, 1, l) * one.bary[1] + corner(f, 2, l) * one.bary[2];
      for (int k = 0; k < 3; ++k) REQUIRE(near(p[k] - q[k], one.offset[k]));
      if (l < 2) REQUIRE(one.feature == c.feature);
      if (c.squared_distance < scalar.squared_distance) scalar = {c, l};
    }
    detail::settle_lanes(f, all_lanes, p, lanes);
    REQUIRE(near(lanes.squared_distance, scalar.squared_distance));
  }
}

TEMPLATE_TEST_CASE("distances in planes are the distances", "[sdf]", float, double) {
  using T = TestType;
  for (std::uint64_t number = 0; number < 2000; ++number) {
    auto f = eight_triangles<T>(number);
    plane_lanes<T> planes;
    fit_planes(f, planes);
    const auto p = load3(test::random_points<T>(1, number % 3 == 0 ? 10 : 1.5, number).get(), 0);
    T d2[lane_count];
    plane_squared_distances(planes, p).store(d2);
    for (int l = 0; l < lane_count; ++l) {
      const T expected = std::sqrt(
          closest_on_triangle(p, corner(f, 0, l), corner(f, 1, l), corner(f, 2, l)).squared_distance);
      // A quarter of what the search allows for rounding, in a scene of size 1.
      INFO("triangle " << l << ", error " << std::abs(std::sqrt(d2[l]) - expected) << " at " << expected);
      REQUIRE(std::abs(std::sqrt(d2[l]) - expected) <= 16 * detail::rounding<T>() * (1 + expected));
    }
    f.face[7] = -1;  // an unused lane is out of the way
    fit_planes(f, planes);
    plane_squared_distances(planes, p).store(d2);
    REQUIRE(d2[7] > T(1e30));
  }
}
