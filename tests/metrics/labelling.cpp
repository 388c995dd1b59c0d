// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// VerSe's measures: which vertebrae are identified, by hand; labels on voxels of another size.
#include "diffam/metrics/labelling.hpp"

#include "diffam/metrics/dice.hpp"
#include "diffam/metrics/resampled_labels.hpp"
#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace diffam;
using namespace diffam::metrics;

namespace {
constexpr double tolerance = test::tolerance<double>::formula;
}

TEST_CASE("a vertebra is identified within 20 mm and nearest to its own true centre", "[metrics]") {
  const spine::centroid_list truth{
      {20, {0, 0, 0}}, {21, {0, 0, -30}}, {22, {0, 0, -100}}, {23, {0, 0, -200}}, {24, {0, 0, -300}}};
  const spine::centroid_list prediction{{19, {0, 0, 30}},      // not in the truth
                                        {20, {3, 4, 0}},       // 5 mm
                                        {21, {0, 0, -14}},     // 16 mm, and 14 mm from the centre of 20
                                        {22, {0, 0, -119.5}},  // 19.5 mm
                                        {23, {0, 0, -220}}};   // 20 mm is not less than 20 mm
  const labelling l = compare_labelling(prediction, truth);
  REQUIRE(l.vertebrae.size() == 5);
  std::vector<bool> identified;
  for (const auto& v : l.vertebrae) identified.push_back(v.identified);
  REQUIRE(identified == std::vector<bool>{true, false, true, false, false});
  REQUIRE(l.identified == 2);
  REQUIRE(l.missed == 1);
  REQUIRE(std::isinf(l.vertebrae[4].distance));
  REQUIRE(std::abs(l.identification_rate() - 2.0 / 5) < tolerance);
  REQUIRE(std::abs(l.mean_distance - (5 + 16 + 19.5 + 20) / 4) < tolerance);
  REQUIRE(compare_labelling({}, {}).identification_rate() == 0);
  REQUIRE(compare_labelling({}, truth).mean_distance == 0);
}

TEST_CASE("resampled labels keep places and volumes", "[metrics]") {
  const grid g{{6, 5, 4}, {{{-2, 0, 0}, {0, 1, 0}, {0, 0, 3}}}, {10, 20, 30}};
  volume<std::uint8_t> v(g);
  v.at(1, 2, 3) = 20, v.at(2, 2, 3) = 21;
  const auto fine = resampled_labels(v, 1);
  REQUIRE(fine.geometry.size == vec<index_t, 3>{12, 5, 12});
  REQUIRE(norm(fine.geometry.spacing() - vec3<double>{1, 1, 1}) < tolerance);
  std::array<int, 256> count{};
  for (index_t k = 0; k < 12; ++k)
    for (index_t j = 0; j < 5; ++j)
      for (index_t i = 0; i < 12; ++i) {
        const vec3<double> there =
            g.to_index(fine.geometry.to_world({double(i), double(j), double(k)})) + vec3<double>{.5, .5, .5};
        REQUIRE(fine.at(i, j, k) == v.at(index_t(there[0]), index_t(there[1]), index_t(there[2])));
        ++count[fine.at(i, j, k)];
      }
  REQUIRE(count[20] == 6);
  REQUIRE(count[21] == 6);
  const auto same = resampled_labels(fine, 1);
  REQUIRE(same.voxels == fine.voxels);
  REQUIRE(dice(same, fine, 20) == 1);
  REQUIRE(resampled_labels(v, 100).geometry.size == vec<index_t, 3>{1, 1, 1});
  REQUIRE_THROWS_AS(resampled_labels(v, 0), error);
}
