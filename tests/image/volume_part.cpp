// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Boxes of voxels, and parts of images: voxels keep their indices and positions, and missing voxels are not
// invented.
#include "diffam/image/volume_part.hpp"

#include "support/catch.hpp"

using namespace diffam;

TEST_CASE("the hull of two boxes is the smallest box that contains both", "[image]") {
  const voxel_box a{{2, 0, 5}, {3, 10, 2}}, b{{1, 4, 9}, {2, 2, 1}};
  const voxel_box both = hull(a, b);
  CHECK(both.first == vec<index_t, 3>{1, 0, 5});
  CHECK(both.size == vec<index_t, 3>{4, 10, 5});
  const voxel_box none{{7, 7, 7}, {3, -2, 3}};
  CHECK(none.empty());
  CHECK(none.count() == 0);
  CHECK(hull(a, none).first == a.first);
  CHECK(hull(none, a).size == a.size);
}

TEST_CASE("a part keeps the indices and positions of its voxels", "[image]") {
  grid g{{7, 6, 5}};
  g.axes(0, 1) = -2;
  g.origin = {3, 4, 5};
  volume<float> whole(g);
  for (std::size_t n = 0; n < whole.voxels.size(); ++n) whole.voxels[n] = static_cast<float>(n + 1);
  const voxel_box box{{2, 3, 1}, {4, 2, 3}};
  volume_part<float> part(g, box);
  part.voxels = crop<float>(whole, box).voxels;
  const volume_view<float> view(part);
  const volume<float> filled = expanded(view);
  REQUIRE(filled.geometry.size == g.size);
  index_t kept = 0;
  for (index_t k = 0; k < 5; ++k)
    for (index_t j = 0; j < 6; ++j)
      for (index_t i = 0; i < 7; ++i) {
        const bool in = i >= 2 && i < 6 && j >= 3 && j < 5 && k >= 1 && k < 4;
        kept += in;
        REQUIRE(part.kept.has(i, j, k) == in);
        if (in) REQUIRE(view.at(i, j, k) == whole.at(i, j, k));
        REQUIRE(filled.at(i, j, k) == (in ? whole.at(i, j, k) : 0.f));
      }
  REQUIRE(kept == box.count());
  const volume<float> inner = crop<float>(view, {{3, 4, 2}, {2, 1, 2}});
  CHECK(inner.at(1, 0, 1) == whole.at(4, 4, 3));
  CHECK(inner.geometry.to_world({0, 0, 0}) == g.to_world({3, 4, 2}));
  REQUIRE_THROWS_AS(crop<float>(view, {{1, 4, 2}, {2, 1, 2}}), error);  // in the image, but not in the part
}

TEST_CASE("a part outside its image is refused, an empty part is valid", "[image]") {
  const grid g{{7, 6, 5}};
  REQUIRE_THROWS_AS(volume_part<float>(g, {{2, 3, 4}, {5, 2, 3}}), error);
  REQUIRE_THROWS_AS(volume_part<float>(g, {{-1, 3, 4}, {5, 2, 1}}), error);
  const volume_part<float> none(g, {{3, 3, 3}, {0, 4, 9}});
  CHECK(none.voxels.empty());
  CHECK(expanded<float>(none).voxels == volume<float>(g).voxels);
}
