// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Ribs, the wings of the sacrum and the skull in images made of rods and boxes of bone.
#include "diffam/spine/find/evidence.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine;
using namespace diffam::spine::find;

namespace {

struct scene {
  masked_volume<float> image;
  std::vector<chain_link> links;

  /// Two vertebrae, 30 mm apart, in the middle of 200 x 160 x 140 mm of muscle.
  scene() {
    grid g;
    g.size = {100, 80, 70};
    for (int a = 0; a < 3; ++a) g.axes(a, a) = 2, g.origin[a] = -static_cast<double>(g.size[a] - 1);
    image = fully_measured(volume<float>(g, 50));
    for (const double z : {15.0, -15.0}) {
      chain_link l;
      l.where.translation = {0, 20, z};
      links.push_back(l);
      box({-22, 5, z - 11}, {22, 35, z + 11});
    }
  }
  void box(const vec3<double>& low, const vec3<double>& high, float hu = 400) {
    volume<float>& v = image.values;
    const grid& g = v.geometry;
    for (index_t k = 0; k < g.size[2]; ++k)
      for (index_t j = 0; j < g.size[1]; ++j)
        for (index_t i = 0; i < g.size[0]; ++i) {
          const vec3<double> x =
              g.to_world({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
          bool in = true;
          for (int a = 0; a < 3; ++a) in = in && x[a] >= low[a] && x[a] <= high[a];
          if (in) v.at(i, j, k) = hu;
        }
  }
};

}  // namespace

TEST_CASE("ribs belong to the vertebra that they are joined to", "[spine]") {
  scene s;
  s.box({-80, -12, 9}, {80, -2, 17});     // from the upper vertebra, past the level of its joint
  s.box({-20, -12, 9}, {20, 10, 17});     // which is joined to its body
  s.box({-80, -12, -13}, {-74, -2, 17});  // down at the side, to the lower one's height
  s.box({-40, -12, -19}, {40, -2, -13});  // transverse processes of the lower one
  s.box({-20, -12, -19}, {20, 10, -13});
  const auto ribs = find_ribs(s.image, s.links);
  CHECK(ribs[0].right == rib_evidence::rib);
  CHECK(ribs[0].left == rib_evidence::rib);
  CHECK(ribs[0].reach[0] >= 78);
  CHECK(ribs[1].right == rib_evidence::none);
  CHECK(ribs[1].left == rib_evidence::none);
  CHECK(ribs[1].reach[0] == Approx(40).margin(2));
}

TEST_CASE("bone in the boxes of two vertebrae belongs to the nearer one", "[spine]") {
  scene s;
  s.links[0].where.translation[2] = 10, s.links[1].where.translation[2] = -10;
  s.box({-80, -12, -2}, {80, -2, 0});  // ribs at the height where both boxes are, nearer to the lower centre
  s.box({-20, -12, -2}, {20, 10, 0});
  const auto ribs = find_ribs(s.image, s.links);
  CHECK(ribs[0].right == rib_evidence::none);
  CHECK(ribs[1].right == rib_evidence::rib);
  CHECK(ribs[1].left == rib_evidence::rib);
}

TEST_CASE("what is out of the field of view is not missed as a rib", "[spine]") {
  scene s;
  s.image.field_of_view.size[0] = 70;  // the right side ends 39 mm from the midline
  const auto ribs = find_ribs(s.image, s.links);
  CHECK(ribs[0].right == rib_evidence::unseen);
  CHECK(ribs[0].left == rib_evidence::none);
}

TEST_CASE("bone that leaves a narrow field of view farther out than a process reaches is a rib", "[spine]") {
  scene s;
  s.image.field_of_view.size[0] = 78;  // the right side ends 55 mm from the midline
  s.box({-80, -12, 9}, {80, -2, 17});
  s.box({-20, -12, 9}, {20, 10, 17});
  s.box({-40, -12, -19}, {40, -2, -13});
  s.box({-20, -12, -19}, {20, 10, -13});
  auto& v = s.image.values;  // beyond the field of view nothing was measured: what is there is no bone
  for (index_t k = 0; k < v.geometry.size[2]; ++k)
    for (index_t j = 0; j < v.geometry.size[1]; ++j)
      for (index_t i = 78; i < v.geometry.size[0]; ++i) v.at(i, j, k) = 50;
  const auto ribs = find_ribs(s.image, s.links);
  CHECK(ribs[0].right == rib_evidence::rib);
  CHECK(ribs[0].reach[0] < rib_params().rib);
  CHECK(ribs[1].right == rib_evidence::none);
}

TEST_CASE("a long process beside which the image ends above is no rib", "[spine]") {
  scene s;
  s.image.field_of_view.size[2] = 47;  // 8 mm above the upper vertebra's centre
  s.box({-53, -12, 9}, {53, -2, 17});
  s.box({-20, -12, 9}, {20, 10, 17});
  const auto ribs = find_ribs(s.image, s.links);
  CHECK(ribs[0].reach[0] > rib_params().process);
  CHECK(ribs[0].right == rib_evidence::unseen);
  CHECK(ribs[0].left == rib_evidence::unseen);
}

TEST_CASE("the sacrum's wings are seen below the last lumbar vertebra alone", "[spine]") {
  scene s;
  const auto before = find_wings(s.image, s.links[1].where);
  CHECK(before.here == 0);
  CHECK(before.below == 0);
  s.box({-60, 0, -68}, {60, 35, -34});
  CHECK(find_wings(s.image, s.links[1].where).below > 0.8);
  CHECK(find_wings(s.image, s.links[1].where).here == 0);
  s.box({-60, 0, -68}, {0, 35, -34}, 50);  // one side alone is no sacrum
  CHECK(find_wings(s.image, s.links[1].where).below == 0);
  s.image.field_of_view.size[0] = 60;
  CHECK(find_wings(s.image, s.links[1].where).below < 0);
}

TEST_CASE("the skull begins where bone closes around soft tissue, farther away than a canal's walls",
          "[spine]") {
  scene s;
  const pose& atlas = s.links[0].where;  // its centre is 15 mm up in the image
  CHECK_FALSE(find_skull(s.image, atlas, label::c1).begins);
  CHECK(find_skull(s.image, atlas, label::c1).view >= 50);
  s.box({-60, -50, 45}, {60, 79, 51});
  s.box({-54, -44, 45}, {54, 73, 51}, 30);
  CHECK_FALSE(find_skull(s.image, atlas, label::c1).begins);  // closed over less than the least height
  s.box({-60, -50, 45}, {60, 79, 69});
  s.box({-54, -44, 45}, {54, 73, 69}, 30);
  REQUIRE(find_skull(s.image, atlas, label::c1).begins);
  CHECK(*find_skull(s.image, atlas, label::c1).begins == Approx(30).margin(4));
  scene air = s;
  air.box({-40, -44, 45}, {40, 73, 69}, -900);  // a trunk: lungs within ribs
  CHECK_FALSE(find_skull(air.image, atlas, label::c1).begins);
  scene open = s;
  open.box({-60, 0, 45}, {60, 79, 69}, 30);  // jaw or shoulders: bone on some sides alone
  CHECK_FALSE(find_skull(open.image, atlas, label::c1).begins);
  s.image.field_of_view.size[2] = 45;  // 4 mm above the centre the image ends
  CHECK(find_skull(s.image, atlas, label::c1).view < 10);
}
