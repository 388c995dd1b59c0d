// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The places of the vertebrae along the canal: of all chains of places with levels, from head to foot, the
// one where vertebrae fit best and are as far apart as their levels are in a spine of one size. A chain
// begins and ends where that is best. By dynamic programming over places and levels, exact, for each size (a
// pictorial structure: Felzenszwalb & Huttenlocher 2005). The levels of the chain are a first guess: naming
// is a step of its own.
#pragma once

#include <limits>

#include "diffam/spine/find/level_scores.hpp"

namespace diffam::spine::find {

struct chain_params {
  double baseline_mm = 24;      // half the length of canal that a place is compared with
  double contrast = 0.05;       // of a score against its surroundings, that counts as 1
  double ordinary = 0.66;       // a score that tells nothing of itself
  double ordinary_scale = 0.1;  // the difference from it that counts as 1
  double most = 5,
         least = -2;  // a vertebra's gain: more is no better, and a fracture does not break the chain
  double toll = 0.5;  // of each vertebra
  double distance_deviation = 0.12;  // of the logarithm of a distance
  double odd_count = 3;  // price of a thirteenth or eleventh thoracic, a sixth or fourth lumbar one
};

struct chain_link {
  std::size_t place = 0;  // on the canal's curve
  int label = 0;          // a first guess
  double score = 1;       // of level_scores
  double stands_out = 0;  // mean score around it along the canal, less its own
  pose where;
};

struct vertebra_chain {
  std::vector<chain_link> links;  // from head to foot; may be empty
  std::size_t size = 0;           // index of the spine's size
  double gain = 0;                // of the whole chain, 0 where there is none

  /// Of the links, the mean. A tube has none: it is as good a vertebra everywhere.
  double stands_out() const {
    double sum = 0;
    for (const auto& l : links) sum += l.stands_out;
    return links.empty() ? 0 : sum / static_cast<double>(links.size());
  }
};

namespace detail {

/// The gain of a vertebra of each level at each place, for one size of the spine.
class chain_gains {
 public:
  chain_gains(const level_scores& scores, std::size_t size, const chain_params& p) {
    const auto n = static_cast<index_t>(scores.places()),
               reach = static_cast<index_t>(p.baseline_mm / curve_step);
    gains_.resize(scores.places());
    stands_out_.resize(scores.places());
    for (int l = label::c1; l <= label::l5; ++l)
      for (index_t i = 0; i < n; ++i) {
        double sum = 0;
        index_t count = 0;
        for (index_t j = std::max<index_t>(0, i - reach); j <= std::min(n - 1, i + reach); ++j, ++count)
          sum += std::min(scores.value(size, static_cast<std::size_t>(j), l), 0.75F);
        const double f = scores.value(size, static_cast<std::size_t>(i), l);
        const double out = sum / static_cast<double>(count) - f;
        const double gain = out / p.contrast + (p.ordinary - f) / p.ordinary_scale;
        stands_out_[static_cast<std::size_t>(i)][l - label::c1] = out;
        gains_[static_cast<std::size_t>(i)][l - label::c1] = std::clamp(gain, p.least, p.most) - p.toll;
      }
  }
  double operator()(std::size_t place, int l) const { return gains_[place][l - label::c1]; }
  double stands_out(std::size_t place, int l) const { return stands_out_[place][l - label::c1]; }

 private:
  std::vector<vec<double, 24>> gains_, stands_out_;
};

/// The levels that may follow a level, and their price.
struct next_level {
  int label;
  double price;
};
inline std::vector<next_level> levels_before(int l, const chain_params& p) {
  std::vector<next_level> out;
  if (l > label::c1) out.push_back({l - 1, 0});
  if (l == label::t12 || l == label::l5) out.push_back({l, p.odd_count});  // T13, L6
  if (l == label::l1) out.push_back({label::t12 - 1, p.odd_count});        // no T12
  return out;
}

}  // namespace detail

/// The best chain of one size.
inline vertebra_chain best_chain(const level_scores& scores, std::size_t size, double size_value,
                                 const chain_params& p = {}) {
  const detail::chain_gains gain(scores, size, p);
  const std::size_t n = scores.places();
  struct state {
    double value = -std::numeric_limits<double>::infinity();
    std::size_t place = 0;
    int label = 0;  // before; 0: the chain begins
  };
  std::vector<vec<state, 24>> best(n);
  vertebra_chain out;
  out.size = size;
  std::size_t last_place = 0;
  int last_label = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (int l = label::c1; l <= label::l5; ++l) {
      state s{0, 0, 0};
      const vec3<double>& here = scores.best(size, i, l).translation;
      for (const auto& before : detail::levels_before(l, p)) {
        const double expected = size_value * table_distance(std::min(before.label, label::l5 - 1),
                                                            std::min(before.label, label::l5 - 1) + 1);
        const auto far = static_cast<std::size_t>(1.7 * expected / curve_step);
        for (std::size_t j = i > far ? i - far : 0; j < i; ++j) {
          const state& b = best[j][before.label - label::c1];
          if (b.value <= s.value + before.price) continue;
          const double d = norm(here - scores.best(size, j, before.label).translation);
          const double off = std::log(std::max(d, 1.0) / expected) / p.distance_deviation;
          const double value = b.value - before.price - off * off / 2;
          if (value > s.value) s = {value, j, before.label};
        }
      }
      s.value += gain(i, l);
      best[i][l - label::c1] = s;
      if (s.value > out.gain) out.gain = s.value, last_place = i, last_label = l;
    }
  for (std::size_t i = last_place; last_label != 0;) {
    const state s = best[i][last_label - label::c1];
    out.links.push_back({i, last_label, scores.value(size, i, last_label), gain.stands_out(i, last_label),
                         scores.best(size, i, last_label)});
    i = s.place, last_label = s.label;
  }
  std::reverse(out.links.begin(), out.links.end());
  return out;
}

/// The best chain of all sizes.
inline vertebra_chain best_chain(const level_scores& scores, const std::vector<double>& sizes,
                                 const chain_params& p = {}) {
  vertebra_chain best;
  for (std::size_t s = 0; s < sizes.size(); ++s) {
    vertebra_chain c = best_chain(scores, s, sizes[s], p);
    if (c.gain > best.gain) best = std::move(c);
  }
  return best;
}

}  // namespace diffam::spine::find
