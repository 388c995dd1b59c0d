// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The chain along the best canal of an image, whichever way the spine runs. The patient's axes of the file
// are tried first: they are nearly always right. Where they give no convincing chain, the canal is searched
// along the other axes as well, and rough chains tell where head and bodies lie.
#pragma once

#include <algorithm>

#include "diffam/spine/find/canal_score.hpp"
#include "diffam/spine/find/chain.hpp"

namespace diffam::spine::find {

struct way_params {
  double convincing_gain = 10;  // of a chain along the patient's axes: then no other way is tried
  double least_ratio = 1.5;     // of another way's gain to that of the patient's axes
  std::size_t paths_each = 2;   // candidates for a canal along each axis
  std::size_t kept = 2;         // ways whose chains are searched in full
  std::vector<double> rough_sizes{0.9}, rough_tilts{-11, 11}, rough_shifts{0};  // see level_score_params
};

/// Where the head and the bodies are, as seen from the canal.
struct spine_way {
  vec3<double> head{0, 0, 1}, front{0, 1, 0};
};

/// The chain along one candidate for the canal.
struct searched_canal {
  canal_curve curve;
  level_scores scores{0, 0};
  vertebra_chain chain;
};

struct way_search_params {
  canal_score_params canal;
  canal_path_params path;
  canal_candidate_params candidates;
  canal_curve_params curve;
  level_score_params levels;
  chain_params chain;
  way_params ways;
};

template <exec::policy Host>
searched_canal search_canal(const masked_volume<float>& image, const canal_path& path, const spine_way& way,
                            const pose_scores<Host>& scores, const way_search_params& p) {
  searched_canal out;
  out.curve = curve_through(image.values, path.points, way.head, way.front, p.curve);
  if (out.curve.empty()) return out;
  out.scores = score_levels(scores, out.curve, p.levels);
  out.chain = best_chain(out.scores, p.levels.sizes, p.chain);
  return out;
}

namespace detail {

/// A path with a way, and what a rough look gains.
struct rough_way {
  canal_path path;
  spine_way way;
  double gain = 0;
};

/// The best of the eight ways of a path along an axis.
template <exec::policy Host>
rough_way best_way(const masked_volume<float>& image, const canal_path& path, int axis,
                   const pose_scores<Host>& scores, const way_search_params& p) {
  way_search_params rough = p;
  rough.levels.sizes = p.ways.rough_sizes;
  rough.levels.tilts = p.ways.rough_tilts;
  rough.levels.shifts = p.ways.rough_shifts;
  rough_way best{path, {}, 0};
  for (const double up : {1.0, -1.0})
    for (const int across : {(axis + 1) % 3, (axis + 2) % 3})
      for (const double ahead : {1.0, -1.0}) {
        spine_way way{{}, {}};
        way.head[axis] = up, way.front[across] = ahead;
        const double gain = search_canal(image, path, way, scores, rough).chain.gain;
        if (gain > best.gain) best.way = way, best.gain = gain;
      }
  return best;
}

}  // namespace detail

/// The chain of the largest gain; its gain is 0 where there is none.
template <exec::policy Host>
searched_canal best_canal(const Host& e, const masked_volume<float>& image, const pose_scores<Host>& scores,
                          const way_search_params& p) {
  constexpr int head_axis = 2;
  const auto paths_along = [&](int axis) {
    return canal_candidates(e, canal_scores(e, image.values, axis, p.canal), axis, p.path, p.candidates);
  };
  searched_canal best;
  const std::vector<canal_path> along_head = paths_along(head_axis);
  for (const canal_path& path : along_head) {
    searched_canal found = search_canal(image, path, {}, scores, p);
    if (found.chain.gain > best.chain.gain) best = std::move(found);
  }
  if (best.chain.gain >= p.ways.convincing_gain) return best;
  std::vector<detail::rough_way> ways;
  for (const int axis : {head_axis, 1, 0}) {
    const std::vector<canal_path> paths = axis == head_axis ? along_head : paths_along(axis);
    for (std::size_t n = 0; n < std::min(p.ways.paths_each, paths.size()); ++n)
      ways.push_back(detail::best_way(image, paths[n], axis, scores, p));
  }
  std::stable_sort(ways.begin(), ways.end(),
                   [](const detail::rough_way& a, const detail::rough_way& b) { return a.gain > b.gain; });
  const double least = std::max(p.ways.convincing_gain, p.ways.least_ratio * best.chain.gain);
  for (std::size_t n = 0; n < std::min(p.ways.kept, ways.size()); ++n) {
    searched_canal found = search_canal(image, ways[n].path, ways[n].way, scores, p);
    if (found.chain.gain > std::max(least, best.chain.gain)) best = std::move(found);
  }
  return best;
}

}  // namespace diffam::spine::find
