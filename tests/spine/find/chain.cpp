// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The chain of places by dynamic programming, on scores made by hand.
#include "diffam/spine/find/chain.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine;
using namespace diffam::spine::find;

namespace {

/// Scores along a straight canal: low at the levels' places, 0.7 elsewhere.
level_scores scores_at(const std::vector<std::pair<int, std::size_t>>& vertebrae, std::size_t places) {
  level_scores s(places, 1);
  for (std::size_t i = 0; i < places; ++i)
    for (int l = label::c1; l <= label::l5; ++l) {
      s.value(0, i, l) = 0.7F;
      s.best(0, i, l).translation = {0, 0, -curve_step * static_cast<double>(i)};
      for (const auto& [level, place] : vertebrae) {
        const double off = std::abs(static_cast<double>(place) - static_cast<double>(i));
        const double depth = 0.25 * std::exp(-off * off / 6) - 0.02 * std::abs(level - l);
        s.value(0, i, l) = std::min(s.value(0, i, l), static_cast<float>(0.7 - std::max(depth, 0.0)));
      }
    }
  return s;
}

/// Levels at the table's distances from a first place on.
std::vector<std::pair<int, std::size_t>> spine_from(int first, int last, double place) {
  std::vector<std::pair<int, std::size_t>> out;
  for (int l = first; l <= last; ++l) {
    out.emplace_back(l, static_cast<std::size_t>(std::lround(place)));
    place += table_distance(l, l + 1) / curve_step;
  }
  return out;
}

}  // namespace

TEST_CASE("a chain has all vertebrae at their places with their levels", "[spine]") {
  const auto truth = spine_from(17, 22, 12);
  const vertebra_chain chain = best_chain(scores_at(truth, 110), {1.0});
  REQUIRE(chain.links.size() == truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    CHECK(chain.links[i].label == truth[i].first);
    // A gain is bounded, so that a place's neighbour may be as good.
    CHECK(std::abs(static_cast<double>(chain.links[i].place) - static_cast<double>(truth[i].second)) <= 1);
  }
}

TEST_CASE("a vertebra that shows badly does not break the chain", "[spine]") {
  const auto truth = spine_from(16, 22, 12);
  auto seen = truth;
  seen.erase(seen.begin() + 3);
  const vertebra_chain chain = best_chain(scores_at(seen, 130), {1.0});
  REQUIRE(chain.links.size() == truth.size());
  CHECK(std::abs(static_cast<double>(chain.links[3].place) - static_cast<double>(truth[3].second)) <= 4);
}

TEST_CASE("there is no chain where nothing stands out", "[spine]") {
  CHECK(best_chain(scores_at({}, 100), {1.0}).links.empty());
}
