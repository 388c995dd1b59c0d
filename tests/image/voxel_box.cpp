// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Boxes of voxels: growing stays inside, parts lie where they lay.
#include "diffam/image/voxel_box.hpp"

#include "support/catch.hpp"

using namespace diffam;

TEST_CASE("a box grows to the volume's border and no farther", "[image]") {
  const vec<index_t, 3> size{10, 10, 10};
  const voxel_box box{{2, 0, 5}, {3, 10, 2}};
  REQUIRE(grown(box, {1, 1, 1}, size) == voxel_box{{1, 0, 4}, {5, 10, 4}});
  REQUIRE(grown(box, {100, 100, 100}, size) == voxel_box{{}, size});
  REQUIRE(grown(box, {}, size) == box);
  REQUIRE(box.count() == 60);
  REQUIRE_FALSE(box.empty());
  REQUIRE(voxel_box{}.empty());
}

TEST_CASE("a part's grid keeps its voxels where they are", "[image]") {
  grid g{{10, 9, 8}};
  g.axes(0, 1) = -2;
  g.origin = {3, 4, 5};
  const grid part = sub_grid(g, {{2, 3, 4}, {5, 2, 3}});
  REQUIRE(part.size == vec<index_t, 3>{5, 2, 3});
  REQUIRE(norm(part.to_world({1, 1, 1}) - g.to_world({3, 4, 5})) < 1e-12);
  REQUIRE_THROWS_AS(sub_grid(g, {{2, 3, 4}, {9, 2, 3}}), error);
  REQUIRE_THROWS_AS(sub_grid(g, {{-1, 3, 4}, {5, 2, 3}}), error);
  REQUIRE_THROWS_AS(sub_grid(g, {{2, 3, 4}, {5, 0, 3}}), error);
}
