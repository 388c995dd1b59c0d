// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The names of a chain of vertebrae. Every way to name it (a reading: all levels shifted up or down, with a
// thirteenth or eleventh thoracic, a sixth or fourth lumbar vertebra) has a cost: the negative logarithm of
// how likely it makes the things seen, which are the vertebrae's shapes, their distances, ribs, sacrum, axis
// and skull. The best reading counts as sure where the next one that gives other names costs more by a
// margin.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "diffam/spine/find/ribs.hpp"
#include "diffam/spine/find/sacrum.hpp"
#include "diffam/spine/find/skull.hpp"

namespace diffam::spine::find {

inline constexpr int axis_level = label::c1 + 1;

struct naming_params {
  double shape_weight = 0.25;        // of the vertebrae's gains: neighbours of a level look alike
  double distance_deviation = 0.08;  // of a distance's logarithm against the table
  double size_deviation = 0.1;       // of the spine's size
  double odd_count = 3.5;            // price of an unusual number of vertebrae: one spine in thirty
  double sacrum_link = 2;            // price of a chain that goes on to the sacrum: one chain in ten
  double most_distance_cost = 3;     // a fracture is no other level
  double anchor_weight =
      1;  // of ribs, sacrum, axis and skull; 0: names from shapes and distances alone, never sure
  double sure_margin = 2;  // of costs; calibrated on crops, see docs/find.md
  double pin_reach = 20;   // mm from a pin to its vertebra
};

/// What is seen of each vertebra of a chain.
struct vertebra_evidence {
  vec<double, 24> shape{};     // gain of each level at its place
  std::optional<double> axis;  // gain of the axis less that of the two levels below it
  vec3<double> centre{};
  rib_evidence ribs;
  sacrum_evidence wings;
  std::optional<skull_evidence> skull;  // of the first vertebra
};

/// The parts of a reading's cost.
struct reading_cost {
  double shapes = 0, distances = 0, ribs = 0, sacrum = 0, axis = 0, skull = 0, rarity = 0;
  double sum() const { return shapes + distances + ribs + sacrum + axis + skull + rarity; }
};

struct reading {
  std::vector<int> labels;  // of the links, from head to foot; `label::sacrum` for what is none
  reading_cost cost;
};

namespace detail {

/// How often the bone beside a vertebra of this level reaches as far as a rib, and how often less far than a
/// process does; in between in the rest.
struct reach_frequency {
  double rib, none;
};

inline reach_frequency frequency_of(int l) {
  if (l <= 2) return {0.12, 0.8};  // bone of the skull may touch
  if (l < label::c7) return {0.02, 0.94};
  if (l == label::c7) return {0.12, 0.75};  // the first rib lies close
  if (l == label::t1) return {0.7, 0.1};    // which bends to the front before it is far to the side
  if (l == label::t1 + 1) return {0.9, 0.04};
  if (l < label::t12) return {0.95, 0.02};
  if (l == label::t12) return {0.87, 0.09};
  if (l == label::t13) return {0.8, 0.1};
  if (l == label::l1) return {0.04, 0.92};
  if (l < label::l5 - 1) return {0.02, 0.9};
  return l == label::l5 - 1 ? reach_frequency{0.06, 0.82}
                            : reach_frequency{0.35, 0.4};  // the pelvis hangs on the last lumbar vertebra
}

inline double rib_cost(const rib_evidence& e, int l) {
  const reach_frequency f = frequency_of(l);
  double sum = 0;
  for (const auto kind : {e.right, e.left}) {
    if (kind == rib_evidence::rib) sum -= std::log(f.rib);
    if (kind == rib_evidence::none) sum -= std::log(f.none);
    if (kind == rib_evidence::unclear) sum -= std::log(1 - f.rib - f.none);
  }
  return 0.7 * sum;  // both sides of a vertebra go together
}

/// Of how much better the axis fits than the two levels below it.
inline double axis_cost(double better, int l) {
  const double odds = std::exp(2 * std::clamp(better, -2.0, 2.0));  // of the axis, for a cervical vertebra
  if (l == axis_level) return std::log1p(1 / odds);
  return l > axis_level && l <= label::c7 ? std::log1p(odds) : 0;
}

/// Mm from the centre of a level's body up to where the skull begins, in a spine of the table's size. Those
/// of C1 to C3 are of a CT of a head and neck: the table does not hold their distances.
inline double skull_above(int l) {
  constexpr double upper[] = {30, 50, 68};
  return l < label::c1 + 3 ? upper[l - label::c1]
                           : upper[2] + table_distance(label::c1 + 2, std::min(l, label::l5));
}

/// Mm by which `skull_above` is off: heads lean, and slices are thick.
inline constexpr double skull_deviation = 7;

/// Of the skull that is seen above the first vertebra, or that is missed where its base would be in view.
inline double skull_cost(const skull_evidence& e, int l) {
  constexpr double missed = 2.3, most = 4;  // one base in ten is not seen; no more than the axis tells
  const double expected = skull_above(l);
  if (!e.begins) return e.view > expected + 18 ? missed : 0;
  const double off = (*e.begins - expected) / skull_deviation;
  return std::min(off * off / 2, most);
}

/// What a vertebra is to the sacrum.
enum class sacrum_place { far, before_last, last_lumbar, sacrum };

/// The share of bone beside a body that is much: the wings of a sacrum have more, wide processes of L5 less.
inline constexpr double much_bone = 0.65;

/// Of the bone beside a body and beside the next one below it: little, some or much.
inline double sacrum_cost(const sacrum_evidence& e, sacrum_place at) {
  const auto pick = [](double x, const double(&share)[3]) {
    return x < 0 ? 0 : -std::log(x > much_bone ? share[2] : x > 0.35 ? share[1] : share[0]);
  };
  switch (at) {
    case sacrum_place::far:
      return pick(e.below, {0.9, 0.08, 0.02}) + pick(e.here, {0.96, 0.03, 0.01});
    case sacrum_place::before_last:
      return pick(e.below, {0.6, 0.35, 0.05}) + pick(e.here, {0.95, 0.04, 0.01});
    case sacrum_place::last_lumbar:
      return pick(e.below, {0.15, 0.25, 0.6}) + pick(e.here, {0.75, 0.2, 0.05});
    case sacrum_place::sacrum:
      break;
  }
  return pick(e.here, {0.1, 0.2, 0.7});
}

/// The best size's cost of the distances.
inline double distances_cost(const std::vector<vertebra_evidence>& v, const std::vector<int>& labels,
                             const naming_params& p) {
  double best = 1e9;
  for (double size = 0.6; size < 1.4; size *= 1.02) {
    const double off = std::log(size) / p.size_deviation;
    double sum = off * off / 2;
    for (std::size_t i = 0; i + 1 < v.size(); ++i) {
      if (labels[i + 1] == label::sacrum) continue;
      if (labels[i] < 3) {  // no row of the table: what a distance costs on average
        sum += 0.5;
        continue;
      }
      const int upper = std::min(labels[i] == label::t13 ? label::t12 : labels[i], label::l5 - 1);
      const double d = norm(v[i].centre - v[i + 1].centre);
      const double far = std::log(d / (size * table_distance(upper, upper + 1))) / p.distance_deviation;
      sum += std::min(far * far / 2, p.most_distance_cost);
    }
    best = std::min(best, sum);
  }
  return best;
}

/// Of vertebra i of a reading; the last lumbar vertebra that is named may have others below the field of
/// view.
inline sacrum_place place_of(const std::vector<int>& labels, std::size_t i) {
  const int l = labels[i], next = i + 1 < labels.size() ? labels[i + 1] : 0;
  if (l == label::sacrum) return sacrum_place::sacrum;
  if (l == label::l6 || next == label::sacrum || (l == label::l5 && next == 0))
    return sacrum_place::last_lumbar;
  if ((l == label::l5 - 1 && next == 0) || next == label::l6 || next == label::l5 ||
      (i + 2 < labels.size() && labels[i + 2] == label::sacrum))
    return next == label::l5 && i + 2 < labels.size() && labels[i + 2] == label::l6
               ? sacrum_place::far
               : sacrum_place::before_last;
  return sacrum_place::far;
}

}  // namespace detail

inline reading_cost cost_of(const std::vector<vertebra_evidence>& v, const std::vector<int>& labels,
                            double rarity, const naming_params& p = {}) {
  reading_cost c;
  c.rarity = rarity;
  c.distances = detail::distances_cost(v, labels, p);
  for (std::size_t i = 0; i < v.size(); ++i) {
    const int l = labels[i];
    c.sacrum += detail::sacrum_cost(v[i].wings, detail::place_of(labels, i));
    if (l == label::sacrum) {
      c.sacrum += p.sacrum_link;
      continue;
    }
    c.ribs += detail::rib_cost(v[i].ribs, l);
    if (v[i].axis) c.axis += detail::axis_cost(*v[i].axis, l);
    if (v[i].skull) c.skull += detail::skull_cost(*v[i].skull, l == label::t13 ? label::t12 : l);
    const int shape = l == label::t13 ? label::t12 : std::min(l, label::l5);
    c.shapes -= p.shape_weight * v[i].shape[shape - label::c1];
  }
  c.ribs *= p.anchor_weight;
  c.sacrum *= p.anchor_weight;
  c.axis *= p.anchor_weight;
  c.skull *= p.anchor_weight;
  return c;
}

/// Every way to name a chain, the likeliest first.
inline std::vector<reading> readings_of(const std::vector<vertebra_evidence>& v,
                                        const naming_params& p = {}) {
  struct whole {
    std::vector<int> labels;
    double rarity;
  };
  const auto spine = [](int thoracic, int lumbar) {
    std::vector<int> all;
    for (int l = label::c1; l < label::t1 + thoracic; ++l)
      all.push_back(l == label::t1 + 12 ? label::t13 : l);
    for (int l = 0; l < lumbar; ++l) all.push_back(label::l1 + l);
    all.push_back(label::sacrum);
    return all;
  };
  const std::vector<whole> wholes{{spine(12, 5), 0},
                                  {spine(13, 5), p.odd_count},
                                  {spine(11, 5), p.odd_count},
                                  {spine(12, 6), p.odd_count},
                                  {spine(12, 4), p.odd_count},
                                  {spine(11, 6), p.odd_count + 1},
                                  {spine(13, 4), p.odd_count + 1}};
  std::map<std::vector<int>, reading> found;  // the same labels are one reading
  for (const whole& w : wholes)
    for (std::size_t first = 0; first + v.size() <= w.labels.size(); ++first) {
      const auto from = w.labels.begin() + static_cast<std::ptrdiff_t>(first);
      const std::vector<int> labels(from, from + static_cast<std::ptrdiff_t>(v.size()));
      const auto known = found.find(labels);
      if (known != found.end() && known->second.cost.rarity <= w.rarity) continue;
      found[labels] = {labels, cost_of(v, labels, w.rarity, p)};
    }
  std::vector<reading> out;
  for (auto& [labels, r] : found) out.push_back(std::move(r));
  std::stable_sort(out.begin(), out.end(),
                   [](const reading& a, const reading& b) { return a.cost.sum() < b.cost.sum(); });
  return out;
}

}  // namespace diffam::spine::find
