// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Finds every vertebra of a CT without clicks and without training, names it, and says whether the names are
// sure: the canal's curve, vertebrae along it, the chain of places, and the name of the chain from what is in
// view of ribs, sacrum and axis. Each step has a header of its own in spine/find.
//
//     const spine::spine_finding f = spine::find_spine(exec::threads(), ct);
//     if (!f.vertebrae.empty() && f.sure) use(f.centres());
#pragma once

#include "diffam/spine/find/evidence.hpp"
#include "diffam/spine/find/name_check.hpp"
#include "diffam/spine/find/pins.hpp"
#include "diffam/spine/find/refine.hpp"
#include "diffam/spine/find/ways.hpp"

namespace diffam::spine {

struct find_options {
  find::way_search_params search;
  find::rib_params ribs;
  find::sacrum_params sacrum;
  find::naming_params naming;
  // Below either there is no spine (docs/find.md has how they were calibrated): the gain of a chain, which of
  // a single vertebra is 3.5 at most, and how far its vertebrae stand out, which those in a tube do not.
  double least_gain = 6, least_stands_out = 0.06;
  double sure_margin = 2;  // in units of a reading's cost; calibrated on crops, see docs/find.md
  double pin_reach = 20;   // mm from a pin to its vertebra
  std::vector<level_pin> pins;
};

struct found_vertebra {
  int label = 0;
  vec3<double> position{};  // of the body's centre, world, mm
  double score = 1;         // edges along the built-in vertebra's surface: 1 none, 0.3 to 0.6 on a vertebra
  bool cut = false;         // the border of the image cuts it
  find::vertebra_evidence seen;
};

struct spine_finding {
  std::vector<found_vertebra> vertebrae;  // from head to foot; empty: no spine
  std::vector<find::reading> readings;    // the likeliest first; the first one is that of `vertebrae`
  double margin = 0;                      // cost of the second reading less that of the first
  bool sure = false;
  find::anchor_list anchors;  // what the names hold on
  find::canal_curve canal;
  double gain = 0;        // of the chain
  double stands_out = 0;  // of the chain

  centroid_list centres() const {
    centroid_list out;
    for (const auto& v : vertebrae) out.push_back({v.label, v.position});
    return out;
  }
};

/// The vertebrae of a CT, from its `find::search_image`. No vertebrae where no spine is found. Throws `error`
/// (bad data) where pins contradict each other or the image.
template <exec::policy Host>
spine_finding find_spine(const Host& e, const masked_volume<float>& image, const find_options& o = {}) {
  using namespace find;
  spine_finding out;
  static const level_points shapes;  // always the same; made once
  const pose_scores<Host> scores(e, image, shapes, o.search.levels);
  auto [curve, levels, chain] = best_canal(e, image, scores, o.search);
  out.gain = chain.gain;
  out.stands_out = chain.stands_out();
  if (chain.gain < o.least_gain || out.stands_out < o.least_stands_out) return out;
  out.canal = std::move(curve);
  refine(scores, chain.links);
  const std::vector<vertebra_evidence> seen =
      evidence_of(image, levels, chain, o.search.chain, o.ribs, o.sacrum);
  out.readings = readings_of(seen, o.naming);
  if (out.readings.empty()) return out;  // more vertebrae than a spine has
  const std::vector<std::size_t> pinned = pinned_vertebrae(seen, o.pins, o.pin_reach);
  keep_pinned(out.readings, pinned, o.pins);
  out.margin =
      out.readings.size() > 1 ? out.readings[1].cost.sum() - out.readings[0].cost.sum() : o.sure_margin;
  const std::vector<int>& labels = out.readings[0].labels;
  if (o.naming.anchor_weight > 0) out.anchors = anchors_of(seen, labels);
  out.sure = out.margin >= o.sure_margin && out.anchors.contradict.empty() &&
             (!out.anchors.agree.empty() || !o.pins.empty()) &&
             (out.readings[0].cost.rarity == 0 || o.pins.size() > 1);  // T13, L6 and a miss look alike
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (labels[i] == label::sacrum) continue;
    const chain_link& link = chain.links[i];
    if (!inside_view(image.field_of_view.to_index(seen[i].centre), image.field_of_view.size)) continue;
    vec3<double> centre = seen[i].centre;
    for (std::size_t p = 0; p < pinned.size(); ++p)
      if (pinned[p] == i && o.pins[p].centre) centre = o.pins[p].position;
    out.vertebrae.push_back({labels[i], centre, link.score,
                             share_in_view(image, shapes, link.label, link.where) < 0.97, seen[i]});
  }
  return out;
}

/// The same for a CT whose voxels are all kept.
template <exec::policy Host, class Voxel>
spine_finding find_spine(const Host& e, const volume_view<Voxel>& ct, const find_options& o = {}) {
  return find_spine(e, find::search_image(e, ct), o);
}

}  // namespace diffam::spine
