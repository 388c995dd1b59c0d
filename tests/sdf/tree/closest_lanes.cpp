// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Formulas for eight lanes give the results of the scalar formulas: closest points, distances in local
// frames.
#include "diffam/sdf/tree/closest_lanes.hpp"
#include "diffam/sdf/tree/triangle_frames.hpp"
#include "sdf/fixtures.hpp"

using namespace diffam;

namespace {

/// Triangles of various shapes: ordinary ones, a needle, a cap, and degenerate ones.
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
    if (l == 5) v[1] = v[0];                               // a segment along another edge
    if (l == 6) v[2] = v[0] + (v[1] - v[0]) * 0.3;         // three points on a line
    if (l == 7) v[1] = v[0], v[2] = v[0];                  // a point
    for (int c = 0; c < 3; ++c)
      for (int k = 0; k < 3; ++k) f.v[c][k][l] = static_cast<T>(v[c][k]);
  }
  return f;
}

/// Triangles with the given sine between two edges, which are 0.1 to 1 times `size` long. The corner between
/// them varies. If `number` is odd, lanes 6 and 7 are points, like unused lanes.
template <class T>
triangle_lanes<T> triangles_of_sine(double sine, T size, std::uint64_t number) {
  const auto x = check::detail::random_vector(11 * lane_count, 22, number);
  triangle_lanes<T> f;
  for (int l = 0; l < lane_count; ++l) {
    f.face[l] = l;
    const auto u = [&](int i) { return x[static_cast<std::size_t>(11 * l + i)]; };
    const vec3<double> along = normalized(vec3<double>{u(0), u(1), u(2)}),
                       across = normalized(cross(along, vec3<double>{u(3), u(4), u(5)}));
    const double first = 0.1 + 0.9 * std::abs(std::sin(u(6))), second = 0.1 + 0.9 * std::abs(std::sin(u(7)));
    const vec3<double> at{u(8), u(9), u(10)};
    const bool point = l >= 6 && number % 2 == 1;
    const vec3<double> v[3] = {at, at + along * first,
                               at + (along * std::sqrt(1 - sine * sine) + across * sine) * second};
    for (int c = 0; c < 3; ++c)
      for (int k = 0; k < 3; ++k)
        f.v[c][k][l] = static_cast<T>(v[point ? 0 : (c + l) % 3][k] * static_cast<double>(size));
  }
  return f;
}

template <class T>
vec3<T> corner(const triangle_lanes<T>& f, int c, int l) {
  return {f.v[c][0][l], f.v[c][1][l], f.v[c][2][l]};
}

/// Requires that the distances from the local frames equal those of `closest_on_triangle`.
template <class T>
void require_distances(const triangle_lanes<T>& f, const vec3<T>& p, T size = T(1)) {
  triangle_frames<T> frames;
  compute_frames(f, frames);
  T d2[lane_count];
  frame_squared_distances(f.v[0], frames, p).store(d2);
  for (int l = 0; l < lane_count; ++l) {
    const T expected =
        std::sqrt(closest_on_triangle(p, corner(f, 0, l), corner(f, 1, l), corner(f, 2, l)).squared_distance);
    // A quarter of the margin that the search allows for rounding in a scene of this size.
    INFO("triangle " << l << ", error " << std::abs(std::sqrt(d2[l]) - expected) << " at " << expected);
    REQUIRE(std::abs(std::sqrt(d2[l]) - expected) <= 16 * detail::rounding<T>() * (size + expected));
  }
}

}  // namespace

TEMPLATE_TEST_CASE("closest points of eight triangles at once are those of each triangle", "[sdf]", float,
                   double) {
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
      detail::resolve_triangles(f, 1u << l, p, one);
      REQUIRE(one.face == l);
      REQUIRE(near(one.squared_distance, c.squared_distance));
      REQUIRE(near(one.bary[0] + one.bary[1] + one.bary[2], T(1)));
      const vec3<T> q =
          corner(f, 0, l) * one.bary[0] + corner(f, 1, l) * one.bary[1] + corner(f, 2, l) * one.bary[2];
      for (int k = 0; k < 3; ++k) REQUIRE(near(p[k] - q[k], one.offset[k]));
      if (l < 2) REQUIRE(one.feature == c.feature);
      if (c.squared_distance < scalar.squared_distance) scalar = {c, l};
    }
    detail::resolve_triangles(f, all_lanes, p, lanes);
    REQUIRE(near(lanes.squared_distance, scalar.squared_distance));
  }
}

TEMPLATE_TEST_CASE("distances from the local frames agree with the closest points", "[sdf]", float, double) {
  using T = TestType;
  for (std::uint64_t number = 0; number < 2000; ++number) {
    const auto f = eight_triangles<T>(number);
    require_distances(f, load3(test::random_points<T>(1, number % 3 == 0 ? 10 : 1.5, number).get(), 0));
  }
}

TEMPLATE_TEST_CASE("an unused lane does not change a search", "[sdf]", float, double) {
  using T = TestType;
  for (std::uint64_t number = 0; number < 600; ++number) {
    auto f = eight_triangles<T>(number);
    f.face[7] = f.face[0];
    for (int k = 0; k < 3; ++k)
      for (int c = 0; c < 3; ++c) f.v[c][k][7] = f.v[0][k][0];
    // Every third point is corner a itself, where the unused lane is as near as lane 0.
    const auto p = number % 3 == 0 ? corner(f, 0, 0) : load3(test::random_points<T>(1, 1.5, number).get(), 0);
    triangle_frames<T> frames;
    compute_frames(f, frames);
    T d2[lane_count];
    frame_squared_distances(f.v[0], frames, p).store(d2);
    REQUIRE(std::sqrt(d2[7]) >= std::sqrt(d2[0]) - 16 * detail::rounding<T>() * (1 + std::sqrt(d2[0])));
    for (const lane_set others : {lane_set{1}, all_lanes >> 1}) {  // lane 0; all lanes but the unused one
      nearest_face<T> without = detail::no_face<T>(), with = without;
      detail::resolve_triangles(f, others, p, without);
      detail::resolve_triangles(f, others | 1u << 7, p, with);
      REQUIRE(with.face == without.face);
      REQUIRE(with.squared_distance == without.squared_distance);
      REQUIRE(with.feature == without.feature);
      for (int k = 0; k < 3; ++k) REQUIRE(with.bary[k] == without.bary[k]);
    }
  }
}

TEMPLATE_TEST_CASE("frames are orthonormal and contain their triangles, for any thin triangle", "[sdf]",
                   float, double) {
  using T = TestType;
  // In float, the fourth powers of the last two sizes are near the ends of the range.
  const T size = GENERATE(T(1), T(1e-9), T(1e9));
  for (std::uint64_t number = 0; number < 1000; ++number) {
    // All eight triangles are equally thin (sines down to 1e-8), with or without points, so that each way to
    // fit frames is used.
    const auto f = triangles_of_sine<T>(std::pow(10.0, -0.008 * static_cast<double>(number)), size, number);
    triangle_frames<T> frames;
    compute_frames(f, frames);
    INFO("number " << number);
    for (int l = 0; l < lane_count; ++l) {
      const vec3<T> x{frames.x[0][l], frames.x[1][l], frames.x[2][l]},
          y{frames.y[0][l], frames.y[1][l], frames.y[2][l]},
          z{frames.z[0][l], frames.z[1][l], frames.z[2][l]};
      const T few = 8 * detail::rounding<T>();
      for (const vec3<T>& axis : {x, y, z}) REQUIRE(std::abs(norm(axis) - 1) <= few);
      for (const T product : {dot(x, y), dot(y, z), dot(z, x)}) REQUIRE(std::abs(product) <= few);
      const vec3<T> b = corner(f, 1, l) - corner(f, 0, l), c = corner(f, 2, l) - corner(f, 0, l);
      REQUIRE(std::abs(dot(b, z)) <= few * size);
      REQUIRE(std::abs(dot(c, z)) <= 3 * few * size);  // a height of sixteen roundings counts as zero
      REQUIRE(std::abs(frames.bx[l] - norm(b)) <= few * size);
    }
    require_distances(f, load3(test::random_points<T>(1, 1.5, number).get(), 0) * size, size);
  }
}
