// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Names from evidence: where it tells them they are right and their margin is wide; where it does not, it is
// narrow.
#include "diffam/spine/find/naming.hpp"

#include "diffam/spine/find/evidence.hpp"
#include "diffam/spine/find/pins.hpp"
#include "support/catch.hpp"

using namespace diffam;
using namespace diffam::spine;
using namespace diffam::spine::find;

namespace {

/// A straight chain of these levels with the table's distances, of which nothing else is seen.
std::vector<vertebra_evidence> chain_of(const std::vector<int>& labels, double size = 1) {
  std::vector<vertebra_evidence> out;
  double z = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    vertebra_evidence e;
    if (i > 0) {
      const int upper = std::min(labels[i - 1] == label::t13 ? label::t12 : labels[i - 1], label::l5 - 1);
      z -= size * table_distance(upper, upper + 1);
    }
    e.centre = {0, 0, z};
    out.push_back(e);
  }
  return out;
}
void show_ribs(std::vector<vertebra_evidence>& v, const std::vector<int>& labels) {
  for (std::size_t i = 0; i < v.size(); ++i) {
    const bool rib = labels[i] >= label::t1 && (labels[i] <= label::t12 || labels[i] == label::t13);
    v[i].ribs.right = v[i].ribs.left = rib ? rib_evidence::rib : rib_evidence::none;
  }
}
double margin(const std::vector<reading>& r) {
  return r[1].cost.sum() - r[0].cost.sum();
}

}  // namespace

TEST_CASE("the last rib names a chain with a margin, and nothing names one without", "[spine]") {
  const std::vector<int> truth{17, 18, 19, 20, 21};
  auto v = chain_of(truth);
  CHECK(margin(readings_of(v)) < 1);
  show_ribs(v, truth);
  const auto readings = readings_of(v);
  CHECK(readings[0].labels == truth);
  CHECK(margin(readings) > 3);
  const anchor_list anchors = anchors_of(v, readings[0].labels);
  REQUIRE(anchors.agree.size() == 1);
  CHECK(anchors.agree[0] == "last rib at T12");
  CHECK(anchors.contradict.empty());
  CHECK(anchors_of(v, {16, 17, 18, 19, 20}).contradict.empty());  // eleven thoracic vertebrae have it at T11
  CHECK(anchors_of(v, {18, 19, 20, 21, 22}).contradict.size() == 1);
}

TEST_CASE("the sacrum names a chain", "[spine]") {
  const std::vector<int> truth{21, 22, 23, 24};
  auto v = chain_of(truth, 0.9);
  for (auto& e : v) e.wings = {0.02, 0.1};
  v.back().wings = {0.15, 0.8};
  const auto readings = readings_of(v);
  CHECK(readings[0].labels == truth);
  CHECK(margin(readings) > 1.5);
  CHECK(anchors_of(v, truth).agree == std::vector<std::string>{"sacrum below L5"});
}

TEST_CASE("the axis names a neck, and a neck without one is not named from C2", "[spine]") {
  const std::vector<int> truth{2, 3, 4, 5, 6}, below{3, 4, 5, 6, 7};
  auto v = chain_of(below);
  for (auto& e : v) e.axis = -2.4;
  CHECK(cost_of(v, truth, 0).sum() > cost_of(v, below, 0).sum() + 3);
  v = chain_of(truth);
  for (auto& e : v) e.axis = -2.4;
  v[0].axis = 2;
  const auto readings = readings_of(v);
  CHECK(readings[0].labels == truth);
  CHECK(margin(readings) > 3);
  CHECK(anchors_of(v, truth).agree == std::vector<std::string>{"axis at C2"});
  CHECK(anchors_of(v, below).contradict == std::vector<std::string>{"axis at C3"});
}

TEST_CASE("the skull names a neck, and a neck is not named from C1 where a skull is missed", "[spine]") {
  const std::vector<int> truth{3, 4, 5, 6, 7}, above{2, 3, 4, 5, 6};
  auto v = chain_of(truth);
  const double without = margin(readings_of(v));
  v[0].skull = skull_evidence{70.0, 90};
  const auto readings = readings_of(v);
  CHECK(readings[0].labels == truth);
  CHECK(margin(readings) > without + 2);
  CHECK(anchors_of(v, truth).agree == std::vector<std::string>{"skull above C3"});
  CHECK(anchors_of(v, above).contradict == std::vector<std::string>{"skull above C2"});
  v[0].skull = skull_evidence{{}, 70};
  CHECK(cost_of(v, above, 0).skull > 2);  // the skull above C2 would be in view
  CHECK(cost_of(v, truth, 0).skull == 0);
}

TEST_CASE("the pelvis names the last lumbar vertebra", "[spine]") {
  const std::vector<int> truth{21, 22, 23, 24};
  auto v = chain_of(truth);
  show_ribs(v, truth);
  v.back().ribs.right = v.back().ribs.left = rib_evidence::rib;
  CHECK(anchors_of(v, truth).agree == std::vector<std::string>{"pelvis beside L5"});
  CHECK(anchors_of(v, {20, 21, 22, 23}).contradict == std::vector<std::string>{"pelvis beside L4"});
}

TEST_CASE("the last vertebra of a chain is no sacrum where nothing shows one", "[spine]") {
  const std::vector<int> truth{19, 20, 21, 22, 23, 24};
  auto v = chain_of(truth);
  for (auto& e : v) e.wings = {0.0, 0.1};
  v[4].wings = {-1, 0.35};
  v[5].centre[2] += 3;      // a narrow disc
  v[5].wings = {-1, 0.45};  // the sides are out of view
  CHECK(readings_of(v)[0].labels.back() != label::sacrum);
}

TEST_CASE("with ribs and sacrum in view, odd numbers of vertebrae are read, and not as sure", "[spine]") {
  for (const auto& truth :
       {std::vector<int>{18, 19, 20, 21, 22, 23, 24}, std::vector<int>{18, 19, 20, 21, 22, 23, 24, 25},
        std::vector<int>{18, 19, 20, 21, 22, 23, label::sacrum}}) {
    auto v = chain_of(truth);
    show_ribs(v, truth);
    const std::size_t last = truth.back() == label::sacrum ? truth.size() - 2 : truth.size() - 1;
    for (auto& e : v) e.wings = {0.02, 0.1};
    v[last].wings = {0.1, 0.8};
    if (truth.back() == label::sacrum) v.back().wings = {0.8, 0.8};
    const auto readings = readings_of(v);
    double cost = 1e9;
    for (const auto& r : readings)
      if (r.labels == truth) cost = r.cost.sum();
    CHECK(cost - readings[0].cost.sum() < 1.5);
    if (truth.back() == label::l5) {
      CHECK(readings[0].labels == truth);
      CHECK(margin(readings) > 3);  // as most spines are
    } else {
      // An odd spine: the one vertebra more or less may be another. Odd readings never count as sure.
      CHECK((readings[0].cost.rarity > 0 || margin(readings) < 1.5));
    }
  }
}

TEST_CASE("a collapsed vertebra does not change the names", "[spine]") {
  const std::vector<int> truth{17, 18, 19, 20, 21, 22};
  auto v = chain_of(truth);
  show_ribs(v, truth);
  for (std::size_t i = 3; i < v.size(); ++i) v[i].centre[2] += 12;  // T12 has lost most of its height
  CHECK(readings_of(v)[0].labels == truth);
}

TEST_CASE("pins keep the readings that agree, and those that cannot be are refused with both names",
          "[spine]") {
  const std::vector<int> truth{20, 21, 22};
  const auto v = chain_of(truth);
  auto readings = readings_of(v);
  const auto keep = [&](std::vector<reading>& all, const std::vector<level_pin>& pins) {
    keep_pinned(all, pinned_vertebrae(v, pins, 20), pins);
  };
  keep(readings, {{21, v[1].centre + vec3<double>{3, 4, 0}}});
  REQUIRE_FALSE(readings.empty());
  CHECK(readings[0].labels == truth);
  for (const auto& r : readings) CHECK(r.labels[1] == 21);

  const auto refused = [&](const std::vector<level_pin>& pins) {
    auto all = readings_of(v);
    try {
      keep(all, pins);
    } catch (const error& e) {
      CHECK(e.kind() == error_kind::bad_data);
      return std::string(e.what());
    }
    return std::string();
  };
  CHECK_THAT(refused({{20, v[0].centre}, {22, v[1].centre}}), ContainsSubstring("L1 above L3, with 0"));
  CHECK_THAT(refused({{20, v[0].centre}, {21, v[0].centre}}), ContainsSubstring("L1 and L2"));
  CHECK_THAT(refused({{21, v[0].centre}, {20, v[1].centre}}), ContainsSubstring("L2 above L1"));
  CHECK_THAT(refused({{20, v[0].centre}, {21, v[1].centre}, {24, v[2].centre}}),
             ContainsSubstring("L1 above L5, with 1"));
  CHECK_THAT(refused({{20, v[0].centre + vec3<double>{0, 60, 0}}}), ContainsSubstring("20 mm of the pin L1"));
}
