// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The review of a chain: sound chains of any size say nothing; missing, doubled, exchanged and wrongly named
// centres are named, and none of them drags the start of the fit.
#include "diffam/spine/checks.hpp"
#include "diffam/spine/fit_plan.hpp"
#include "diffam/spine/start/search.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine;

namespace {

/// A straight spine from one level to another, with the distances of the table.
centroid_list spine_of(int first, int last, double size = 1) {
  centroid_list c{{first, {5, -3, 1000}}};
  for (int l = first; l < last; ++l) {
    c.push_back({l + 1, c.back().position});
    c.back().position[2] -= size * table_distance(l, l + 1);
  }
  return c;
}

/// The texts of all findings, the fatal ones with a mark.
std::string review(const centroid_list& c) {
  std::string all;
  for (const chain_finding& f : review_chain(c)) all += (f.fatal ? "FATAL " : "") + f.text + "\n";
  return all;
}

}  // namespace

TEST_CASE("a sound chain has no findings", "[spine][checks]") {
  for (const double size : {0.8, 1.0, 1.2}) {
    CHECK(review(spine_of(1, 24, size)).empty());
    CHECK(review(spine_of(20, 24, size)).empty());
    CHECK(review(spine_of(22, 23, size)).empty());
  }
  centroid_list collapsed = spine_of(18, 24);  // the lower half of the chain comes 5 mm up
  for (std::size_t i = 4; i < collapsed.size(); ++i) collapsed[i].position[2] += 5;
  CHECK(review(collapsed).empty());
  centroid_list clicked = spine_of(20, 24);
  clicked[2].position[2] += 8;
  CHECK(review(clicked).empty());
}

TEST_CASE("a skipped vertebra is named and drags nothing", "[spine][checks]") {
  centroid_list c = spine_of(20, 24);
  c.erase(c.begin() + 2);
  for (std::size_t i = 2; i < c.size(); ++i) --c[i].label;  // the names go on without a gap
  CHECK_THAT(review(c), ContainsSubstring("L2 and L3 are 72 mm apart, expected 36: a vertebra between them"));
  CHECK_THAT(review(c), !ContainsSubstring("FATAL"));
  CHECK(review_chain(c)[0].labels == std::vector{21, 22});
  CHECK(expected_distances(c)[1] == 0);
  CHECK(expected_distances(c)[0] > 0);
  std::vector<std::string> warnings;
  for (const pose& p : start_poses(c, {.chain_scale = true}, warnings)) CHECK(p.scale < 1.15);
  CHECK(warnings.size() == 1);
}

TEST_CASE("a skipped C2 or C3 is named, though the distances there vary", "[spine][checks]") {
  for (const int skipped : {2, 3}) {
    centroid_list c = spine_of(1, 8);
    c.erase(c.begin() + skipped - 1);
    for (auto& x : c) x.label -= x.label > skipped ? 1 : 0;
    CHECK_THAT(review(c), ContainsSubstring("C" + std::to_string(skipped - 1) + " and C" +
                                            std::to_string(skipped) + " are ") &&
                              ContainsSubstring("a vertebra between them may be missing"));
    CHECK(review_chain(c)[0].labels == std::vector{skipped - 1, skipped});
    std::vector<std::string> warnings;
    for (const pose& p : start_poses(c, {.chain_scale = true}, warnings)) CHECK(p.scale < 0.8);
    CHECK(expected_distances(c)[static_cast<std::size_t>(skipped - 2)] == 0);
  }
  // Data sets differ in where they put the centres of C1 and C2, and clicks are some millimetres off.
  for (const auto& [first, last] : std::vector<std::pair<int, int>>{{1, 8}, {1, 4}, {2, 4}, {1, 3}})
    for (const double mm : {-4.0, 4.0}) {
      INFO(first << " to " << last << ", " << mm);
      const auto at = [from = first](int label) { return static_cast<std::size_t>(label - from); };
      centroid_list clicked = spine_of(first, last), high = clicked;
      clicked[at(3)].position[2] += mm;
      CHECK(review(clicked).empty());
      for (std::size_t i = 0; i <= at(2); ++i) high[i].position[2] += 0.26 * table_distance(2, 3);
      CHECK(review(high).empty());
    }
  centroid_list c = spine_of(1, 8);
  c[0].position[2] += 0.5 * table_distance(1, 2);
  CHECK(review(c).empty());
}

TEST_CASE("a vertebra with two centres is refused", "[spine][checks]") {
  centroid_list c = spine_of(19, 24);
  const vec3<double> l3 = c[3].position;
  c[2].position = l3 + vec3<double>{0, 0, 6};  // "L2" and "L3" on one body; L1 is one too high
  c[1].position = l3 + vec3<double>{0, 0, 35};
  c[0].position = l3 + vec3<double>{0, 0, 70};
  c[3].position = l3 - vec3<double>{0, 0, 6};
  CHECK_THAT(review(c),
             ContainsSubstring("FATAL L2 and L3 are 12 mm apart") && ContainsSubstring("two centres"));
  std::vector<std::string> warnings;
  CHECK_THROWS_WITH(start_poses(c, {}, warnings), ContainsSubstring("L2 and L3"));
}

TEST_CASE("two neighbours at twice their distance lack a centre, and no other distance does",
          "[spine][checks]") {
  for (const double ratio : {1.65, 2.0, 2.45}) {
    CHECK(spine_size(spine_of(21, 22, ratio)) == 1);
    CHECK_THAT(review(spine_of(21, 22, ratio)), ContainsSubstring("a vertebra between them may be missing"));
  }
  for (const double ratio : {1.45, 1.55})
    CHECK_THAT(review(spine_of(21, 22, ratio)), ContainsSubstring("times as far apart"));
  CHECK_THAT(review(spine_of(1, 2, 2.4)), ContainsSubstring("FATAL"));  // the table is not reliable there
  CHECK_THAT(review(spine_of(2, 4, 2.4)), ContainsSubstring("FATAL"));
  const centroid_list far{{9, {0, 0, 2 * table_distance(9, 13)}}, {13, {0, 0, 0}}};
  CHECK_THAT(review(far), ContainsSubstring("2.00 times as far apart"));
  CHECK(spine_size(spine_of(21, 22, 1.3)) == Approx(1.3));
  CHECK(spine_size(spine_of(21, 22, 0.5)) == Approx(0.5));  // a child
  CHECK_THAT(review(spine_of(21, 22, 3)), ContainsSubstring("FATAL the centres are 3.00 times"));
  CHECK(spine_size(spine_of(21, 24, 1.9)) == Approx(1.9));  // distances that agree: another grid
}

TEST_CASE("levels are neighbours where the spine lacks the one between", "[spine][checks]") {
  for (const auto& [upper, lower] : std::vector<std::pair<int, int>>{{18, 20}, {19, 21}, {6, 8}}) {
    centroid_list c = spine_of(upper - 2, upper), below = spine_of(lower, lower + 2);
    const vec3<double> step{0, 0, table_distance(upper, lower) / 2};
    for (auto& x : below) {
      x.position += c[2].position - vec3<double>{5, -3, 1000} - step;
      c.push_back(x);
    }
    CHECK(review(c).empty());
    CHECK(chain_steps(c)[2].levels == 1);
    CHECK(neighbour_pairs(c).size() == 5);
    for (std::size_t i = 3; i < c.size(); ++i) c[i].position -= step;  // now there is one between
    CHECK(chain_steps(c)[2].levels == 2);
    CHECK(neighbour_pairs(c).size() == 4);
    CHECK_THAT(review(c), ContainsSubstring("1 level(s) missing"));
  }
  const centroid_list two{{18, {0, 0, 31}}, {20, {0, 0, 0}}};  // also without other distances
  CHECK(review(two).empty());
  CHECK(spine_size(two) == Approx(1).margin(0.02));
}

TEST_CASE("names in reverse order, other grids and turns are told", "[spine][checks]") {
  centroid_list c = spine_of(8, 22);
  for (std::size_t i = 1; i < c.size(); ++i)  // as if the head were at the other end
    c[i].position[2] = c[i - 1].position[2] - table_distance(30 - c[i].label, 31 - c[i].label);
  CHECK_THAT(review(c), ContainsSubstring("FATAL") && ContainsSubstring("upside down"));
  CHECK_THAT(review(spine_of(15, 24, 0.48)), ContainsSubstring("0.48 times") && !ContainsSubstring("FATAL"));
  CHECK_THAT(review(spine_of(15, 24, 0.1)), ContainsSubstring("FATAL the centres are 0.10 times"));
  CHECK_THAT(review(spine_of(15, 24, 10)), ContainsSubstring("FATAL the centres are 10.00 times"));
  c = spine_of(20, 24);
  c[2].position[1] += 40;
  CHECK_THAT(review(c), ContainsSubstring("degrees at L3"));
  c = spine_of(20, 24);
  c[2].position[2] -= 20;
  CHECK_THAT(review(c),
             ContainsSubstring("L3 and L4 are 16 mm apart, expected 36: one of the two centres is not") &&
                 !ContainsSubstring("FATAL"));
}

TEST_CASE("neighbours that ribs join have a weight of their own in the variance loss", "[spine]") {
  centroid_list c;
  for (const int l : {label::t1, label::t1 + 1, label::t1 + 2, label::t1 + 8, label::t1 + 9, label::t1 + 10})
    c.push_back({l, {0, 0, -20.0 * l}});
  const std::vector<vertebra_pair> pairs{{0, 1}, {1, 2}, {3, 4}, {4, 5}};
  CHECK(pair_weights(c, pairs, 10) == std::vector<double>{1, 10, 10, 1});
  CHECK(pair_weights(c, {}, 10).empty());
}
