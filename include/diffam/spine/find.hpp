// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Finds every vertebra of a CT without clicks and without training, names it, and says whether the names are
// sure: the canal's curve, vertebrae along it, the chain of places, and the name of the chain from what is in
// view of ribs, sacrum, axis and skull. Each step has a header of its own in spine/find.
//
//     const spine::spine_finding f = spine::find_spine(exec::threads(), ct);
//     if (!f.vertebrae.empty() && f.sure) use(f.centres());
#pragma once

#include "diffam/spine/find/name_chain.hpp"
#include "diffam/spine/find/name_check.hpp"
#include "diffam/spine/find/refine.hpp"
#include "diffam/spine/find/ways.hpp"

namespace diffam::spine {

struct find_options {
  find::way_search_params search;
  find::rib_params ribs;
  find::sacrum_params sacrum;
  find::skull_params skull;
  find::naming_params naming;
  // Below either there is no spine (docs/find.md has how they were calibrated): the gain of a chain, which of
  // a single vertebra is 4.5 at most, and how far its vertebrae stand out, which those in a tube do not.
  double least_gain = 6, least_stands_out = 0.06;
  double least_pinned_gain = 3;  // with a pin: its user says that there is a vertebra
  std::vector<level_pin> pins;
};

struct found_vertebra {
  int label = 0;
  vec3<double> position{};  // of the body's centre, world, mm
  double score = 1;         // edges along the built-in vertebra's surface: 1 none, 0.3 to 0.6 on a vertebra
  bool cut = false;         // the border of the image cuts it
  find::vertebra_evidence seen;
};

/// The first of the readings is that of `vertebrae`.
struct spine_finding : find::chain_names {
  std::vector<found_vertebra> vertebrae;  // from head to foot; empty: no spine
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
  const double least = o.pins.empty() ? o.least_gain : o.least_pinned_gain;
  if (chain.gain < least || out.stands_out < o.least_stands_out) return out;
  out.canal = std::move(curve);
  refine(scores, chain.links);
  const std::vector<vertebra_evidence> seen =
      evidence_of(image, levels, chain, o.search.chain, o.ribs, o.sacrum, o.skull);
  static_cast<chain_names&>(out) = name_chain(seen, o.pins, o.naming);
  if (out.readings.empty()) return out;  // more vertebrae than a spine has
  const std::vector<int>& labels = out.readings[0].labels;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (labels[i] == label::sacrum) continue;
    const chain_link& link = chain.links[i];
    if (!inside_view(image.field_of_view.to_index(seen[i].centre), image.field_of_view.size)) continue;
    vec3<double> centre = seen[i].centre;
    for (std::size_t p = 0; p < out.pinned.size(); ++p)
      if (out.pinned[p] == i && o.pins[p].centre) centre = o.pins[p].position;
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
