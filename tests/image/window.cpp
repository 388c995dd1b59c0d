// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A CT at positions of the world: interpolated, clamped to the window, NaN outside, the same for a part.
#include "diffam/image/window.hpp"

#include "support/golden.hpp"

using namespace diffam;

TEST_CASE("a windowed image interpolates, clamps, and ends at its border", "[image]") {
  grid g;
  g.size = {4, 3, 2};
  g.axes = mat3<double>{{{0, 2, 0}, {-1, 0, 0}, {0, 0, 3}}};
  g.origin = {10, 20, 30};
  volume<float> ct(g);
  for (std::size_t n = 0; n < ct.voxels.size(); ++n) ct.voxels[n] = static_cast<float>(100 * n);
  const windowed_image image(ct, 150, 900);
  REQUIRE(image(g.to_world({1.5, 1, 0})) == Approx(550));  // between voxels 5 and 6
  REQUIRE(image(g.to_world({0, 0, 0})) == 150);
  REQUIRE(image(g.to_world({3, 2, 1})) == 900);
  REQUIRE(image(g.to_world({-0.4, 2, 0})) == Approx(800));  // half a voxel beyond the centres
  REQUIRE(std::isnan(image(g.to_world({-0.6, 1, 0}))));
  REQUIRE(std::isnan(image(g.to_world({1, 1, 1.6}))));

  volume_part<float> part(g, {{1, 1, 0}, {2, 1, 2}});
  part.voxels = {500, 600, 1700, 1800};
  const windowed_image some(part, 150, 2000);
  REQUIRE(some(g.to_world({1.5, 1, 0.5})) == Approx(1150));
  REQUIRE(std::isnan(some(g.to_world({0, 1, 0}))));
}
