// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The names of a chain of vertebrae with what is seen of them and what the user knows: the readings, the
// margin of the first one, and whether it is sure.
#pragma once

#include "diffam/spine/find/evidence.hpp"
#include "diffam/spine/find/pins.hpp"

namespace diffam::spine::find {

struct chain_names {
  std::vector<reading> readings;  // the likeliest first; empty: more vertebrae than a spine has
  double margin = 0;              // cost of the second reading less that of the first
  bool sure = false;
  anchor_list anchors;              // what the names hold on
  std::vector<std::size_t> pinned;  // the vertebra of each pin
};

/// Throws `error` (bad data) where pins contradict each other or the image.
inline chain_names name_chain(const std::vector<vertebra_evidence>& seen, const std::vector<level_pin>& pins,
                              const naming_params& p) {
  chain_names out;
  out.readings = readings_of(seen, p);
  if (out.readings.empty()) return out;
  out.pinned = pinned_vertebrae(seen, pins, p.pin_reach);
  keep_pinned(out.readings, out.pinned, pins);
  const reading& first = out.readings[0];
  out.margin = out.readings.size() > 1 ? out.readings[1].cost.sum() - first.cost.sum() : p.sure_margin;
  if (p.anchor_weight > 0) out.anchors = anchors_of(seen, first.labels);
  out.sure = out.margin >= p.sure_margin && out.anchors.contradict.empty() &&
             (!out.anchors.agree.empty() || !pins.empty()) &&
             (first.cost.rarity == 0 || pins.size() > 1);  // T13, L6 and a miss look alike
  return out;
}

}  // namespace diffam::spine::find
