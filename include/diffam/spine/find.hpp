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

#include "diffam/spine/find/canal_score.hpp"
#include "diffam/spine/find/evidence.hpp"
#include "diffam/spine/find/name_check.hpp"
#include "diffam/spine/find/pins.hpp"
#include "diffam/spine/find/refine.hpp"

namespace diffam::spine {

struct find_options {
  find::canal_score_params canal;
  find::canal_path_params path;
  find::canal_candidate_params candidates;
  find::canal_curve_params curve;
  find::level_score_params levels;
  find::chain_params chain;
  find::rib_params ribs;
  find::sacrum_params sacrum;
  find::naming_params naming;
  double least_gain = 4;   // of a chain: more than the clearest single vertebra has; below, there is no spine
  double sure_margin = 3;  // in units of a reading's cost
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
  double gain = 0;  // of the chain

  centroid_list centres() const {
    centroid_list out;
    for (const auto& v : vertebrae) out.push_back({v.label, v.position});
    return out;
  }
};

namespace find {

/// The chain along one candidate for the canal.
struct searched_canal {
  canal_curve curve;
  level_scores scores;
  vertebra_chain chain;
};

/// The chain of the largest gain along the candidates for a canal.
template <exec::policy Host>
searched_canal best_canal(const masked_volume<float>& image, const std::vector<canal_path>& paths,
                          const pose_scores<Host>& scores, const find_options& o) {
  searched_canal best{{}, {0, 0}, {}};
  for (const canal_path& path : paths) {
    canal_curve curve = curve_through(image.values, path.points, {0, 0, 1}, {0, 1, 0}, o.curve);
    if (curve.empty()) continue;
    level_scores levels = score_levels(scores, curve, o.levels);
    vertebra_chain chain = best_chain(levels, o.levels.sizes, o.chain);
    if (chain.gain > best.chain.gain) best = {std::move(curve), std::move(levels), std::move(chain)};
  }
  return best;
}

}  // namespace find

/// The vertebrae of a CT, from its `find::search_image`. No vertebrae where no spine is found. Throws `error`
/// (bad data) where pins contradict each other or the image.
template <exec::policy Host>
spine_finding find_spine(const Host& e, const masked_volume<float>& image, const find_options& o = {}) {
  using namespace find;
  spine_finding out;
  static const level_points shapes;  // always the same; made once
  const pose_scores<Host> scores(e, image, shapes, o.levels);
  auto [curve, levels, chain] = best_canal(
      image, canal_candidates(e, canal_scores(e, image.values, 2, o.canal), 2, o.path, o.candidates), scores,
      o);
  out.gain = chain.gain;
  if (chain.gain < o.least_gain) return out;
  out.canal = std::move(curve);
  refine(scores, chain.links);
  const std::vector<vertebra_evidence> seen = evidence_of(image, levels, chain, o.chain, o.ribs, o.sacrum);
  out.readings = readings_of(seen, o.naming);
  if (out.readings.empty()) return out;  // more vertebrae than a spine has
  const std::vector<std::size_t> pinned = pinned_vertebrae(seen, o.pins, o.pin_reach);
  keep_pinned(out.readings, pinned, o.pins);
  out.margin =
      out.readings.size() > 1 ? out.readings[1].cost.sum() - out.readings[0].cost.sum() : o.sure_margin;
  const std::vector<int>& labels = out.readings[0].labels;
  out.anchors = anchors_of(seen, labels);
  out.sure = out.margin >= o.sure_margin && out.anchors.contradict.empty() &&
             (!out.anchors.agree.empty() || !o.pins.empty());
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
