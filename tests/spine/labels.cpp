// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Vertebra numbers: names in both directions, the anatomical order, neighbours, other numberings, ranges of
// levels.
#include "diffam/spine/labels.hpp"

#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine;

TEST_CASE("label names follow VerSe", "[spine]") {
  REQUIRE(label_name(1) == "C1");
  REQUIRE(label_name(7) == "C7");
  REQUIRE(label_name(8) == "T1");
  REQUIRE(label_name(19) == "T12");
  REQUIRE(label_name(20) == "L1");
  REQUIRE(label_name(25) == "L6");
  REQUIRE(label_name(28) == "T13");
  REQUIRE(label_name(99) == "99");
  for (int l = 1; l <= 28; ++l) {
    REQUIRE(label_from_name(label_name(l)) == l);
    REQUIRE(label_from_name(std::to_string(l)) == l);
    REQUIRE(is_vertebra_label(l) == (l != 26 && l != 27));
  }
  REQUIRE(label_from_name("l1") == 20);
  for (const char* wrong : {"", "L", "L0", "L7", "T14", "C8", "0", "29", "255", "-1", "L1 ", "020", "X3"})
    REQUIRE_FALSE(label_from_name(wrong));
  for (const int wrong : {0, -1, 26, 27, 29, 255}) REQUIRE_FALSE(is_vertebra_label(wrong));
}

TEST_CASE("T13 lies between T12 and L1", "[spine]") {
  REQUIRE(anatomical_rank(19) < anatomical_rank(28));
  REQUIRE(anatomical_rank(28) < anatomical_rank(20));
  REQUIRE(anatomical_rank(24) < anatomical_rank(25));
  REQUIRE(anatomical_rank(25) < anatomical_rank(26));
  centroid_list c{{25, {}}, {20, {}}, {28, {}}, {19, {}}, {24, {}}, {3, {}}};
  sort_anatomically(c);
  std::vector<int> order;
  for (const auto& x : c) order.push_back(x.label);
  REQUIRE(order == std::vector<int>{3, 19, 28, 20, 24, 25});
}

TEST_CASE("neighbours follow the anatomy", "[spine]") {
  for (int l = 1; l < 25; ++l) REQUIRE((are_neighbours(l, l + 1) && are_neighbours(l + 1, l)));
  REQUIRE(are_neighbours(19, 28));
  REQUIRE(are_neighbours(28, 20));
  REQUIRE_FALSE(are_neighbours(25, 28));
  REQUIRE_FALSE(are_neighbours(25, 26));
  REQUIRE_FALSE(are_neighbours(18, 28));
  REQUIRE_FALSE(are_neighbours(4, 4));
  REQUIRE(levels_apart(18, 28) == 2);
  REQUIRE(levels_apart(28, 21) == 2);
  REQUIRE(levels_apart(19, 21) == 2);
  REQUIRE(levels_apart(24, 20) == 4);
}

TEST_CASE("TotalSegmentator numbers are mapped in both directions", "[spine]") {
  REQUIRE(to_totalsegmentator(24) == 27);
  REQUIRE(to_totalsegmentator(20) == 31);
  REQUIRE(to_totalsegmentator(19) == 32);
  REQUIRE(to_totalsegmentator(8) == 43);
  REQUIRE(to_totalsegmentator(7) == 44);
  REQUIRE(to_totalsegmentator(1) == 50);
  for (int l = 1; l <= 24; ++l) REQUIRE(from_totalsegmentator(*to_totalsegmentator(l)) == l);
  REQUIRE(from_totalsegmentator(26) == 26);
  REQUIRE_FALSE(to_totalsegmentator(25));
  REQUIRE_FALSE(to_totalsegmentator(28));
  REQUIRE_FALSE(from_totalsegmentator(51));
  REQUIRE_FALSE(from_totalsegmentator(1));
}

TEST_CASE("ranges of levels are parsed", "[spine]") {
  REQUIRE(parse_levels("L1-L5") == std::vector<int>{20, 21, 22, 23, 24});
  REQUIRE(parse_levels("l5-l1") == std::vector<int>{20, 21, 22, 23, 24});
  REQUIRE(parse_levels("T11-L2,L6,L1") == std::vector<int>{18, 19, 28, 20, 21, 25});
  REQUIRE(parse_levels("22") == std::vector<int>{22});
  REQUIRE(parse_levels_to_make("T11-L2") == std::vector<int>{18, 19, 20, 21});
  REQUIRE(parse_levels_to_make("T11-T12,T13") == std::vector<int>{18, 19, 28});
  for (const char* wrong : {"", "L1,", "L1-", "-L1", "L1-L2-L3", "L9", "L1;L2", "sacrum"})
    REQUIRE_THROWS_AS(parse_levels(wrong), error);
}
