// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Dice: closed forms on boxes, empty labels, different grids; the means of an evaluation.
#include "diffam/metrics/dice.hpp"

#include "diffam/exec/serial.hpp"
#include "diffam/metrics/evaluation.hpp"
#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace diffam;
using namespace diffam::metrics;

namespace {

constexpr double tolerance = test::tolerance<double>::formula;

/// Voxels first <= i, j, k < last get the label.
void fill_box(volume<std::uint8_t>& v, std::uint8_t label, const vec<index_t, 3>& first,
              const vec<index_t, 3>& last) {
  for (index_t k = first[2]; k < last[2]; ++k)
    for (index_t j = first[1]; j < last[1]; ++j)
      for (index_t i = first[0]; i < last[0]; ++i) v.at(i, j, k) = label;
}

}  // namespace

TEST_CASE("the Dice of shifted boxes follows from their sizes", "[metrics]") {
  const grid g{{20, 10, 10}};
  volume<std::uint8_t> a(g), b(g);
  fill_box(a, 20, {2, 2, 2}, {10, 8, 8});  // 8 x 6 x 6
  fill_box(b, 20, {5, 2, 2}, {13, 8, 8});  // moved by 3 voxels: 5 of 8 in common
  fill_box(b, 21, {15, 0, 0}, {17, 2, 2});
  REQUIRE(std::abs(dice(a, b, 20) - 5.0 / 8) < tolerance);
  REQUIRE(dice(a, b, 21) == 0);  // one side empty
  REQUIRE(dice(a, b, 22) == 1);  // both empty
  REQUIRE(dice(a, a, 20) == 1);
  REQUIRE_THROWS_AS(dice(a, b, 256), error);
}

TEST_CASE("Dice refuses grids that differ", "[metrics]") {
  const volume<std::uint8_t> a(grid{{4, 5, 6}});
  REQUIRE_THROWS_AS(dice(a, volume<std::uint8_t>(grid{{4, 6, 5}}), 1), error);
  grid moved{{4, 5, 6}};
  moved.origin[1] = 0.5;
  REQUIRE_THROWS_AS(dice(a, volume<std::uint8_t>(moved), 1), error);
  grid flipped{{4, 5, 6}};
  flipped.axes(0, 0) = -1, flipped.origin[0] = 3;
  REQUIRE_THROWS_AS(dice(a, volume<std::uint8_t>(flipped), 1), error);
  grid rounded{{4, 5, 6}};
  rounded.origin[1] = 1e-4;
  REQUIRE(dice(a, volume<std::uint8_t>(rounded), 1) == 1);
}

TEST_CASE("the means of an evaluation count the labels of the truth", "[metrics]") {
  grid g{{20, 10, 10}};
  g.axes(0, 0) = 2;  // voxels of 2 mm^3
  volume<std::uint8_t> p(g), t(g);
  fill_box(p, 28, {2, 2, 2}, {6, 8, 8}), fill_box(t, 28, {2, 2, 2}, {6, 8, 8});    // Dice 1
  fill_box(p, 20, {8, 2, 2}, {10, 8, 8}), fill_box(t, 20, {9, 2, 2}, {11, 8, 8});  // Dice 1/2
  fill_box(t, 21, {12, 2, 2}, {14, 8, 8});                                         // missed
  fill_box(p, 22, {16, 2, 2}, {18, 8, 8});                                         // not in the truth
  fill_box(t, 26, {19, 0, 0}, {20, 2, 2});                                         // not a vertebra
  const evaluation e = evaluate(exec::serial{}, p, t);
  std::vector<int> order;
  for (const auto& s : e.labels) order.push_back(s.label);
  REQUIRE(order == std::vector<int>{28, 20, 21, 22});
  REQUIRE(std::abs(e.labels[0].truth_volume - 4 * 6 * 6 * 2 / 1000.0) < tolerance);
  REQUIRE(e.labels[0].surface.hausdorff < tolerance);
  REQUIRE(std::isinf(e.labels[2].surface.mean));
  REQUIRE_FALSE(e.labels[3].in_truth);
  REQUIRE(e.cervical.count == 0);
  REQUIRE(e.thoracic.count == 1);
  REQUIRE(e.thoracic.dice == 1);
  REQUIRE(e.lumbar.count == 2);
  REQUIRE(std::abs(e.lumbar.dice - 0.25) < tolerance);
  REQUIRE(std::abs(e.total.dice - 0.5) < tolerance);
  REQUIRE(std::isinf(e.total.surface.hd95));
  REQUIRE(evaluate(exec::serial{}, p, t, {.surfaces = false}).total.surface.hd95 == 0);
}
