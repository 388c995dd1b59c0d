// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Which slices count as thick.
#include "diffam/spine/fit/slices.hpp"

#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine;

TEST_CASE("thick slices are predicted along their thickness, in any orientation", "[spine]") {
  const auto of = [](const vec3<double>& spacing, index_t points = 5) {
    grid g;
    g.size = {10, 10, 10};
    for (int a = 0; a < 3; ++a) g.axes(a, a) = spacing[a];
    return slice_mean_of(g, points);
  };
  REQUIRE(of({1, 1, 5}).points == 5);
  REQUIRE(norm(of({1, 1, 5}).along - vec3<double>{0, 0, 5}) == 0);
  REQUIRE(norm(of({8, 1, 1}).along - vec3<double>{8, 0, 0}) == 0);
  for (const slice_mean& s :
       {of({1, 1, 2.5}), of({3, 3, 3}), of({5, 5, 5}), of({4, 4, 6}), of({1, 1, 5}, 1)}) {
    REQUIRE(s.points == 1);
    REQUIRE(norm(s.along) == 0);
  }
  grid tilted;
  tilted.size = {10, 10, 10};
  tilted.axes = {{{0, 4, 0}, {0, 3, 0.5}, {0.5, 0, 0}}};
  REQUIRE(norm(slice_mean_of(tilted, 3).along - vec3<double>{4, 3, 0}) == 0);
}
