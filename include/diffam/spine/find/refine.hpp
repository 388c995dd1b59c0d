// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The vertebrae of a chain moved, turned and grown to where they fit best: a compass search from their places
// on the curve, with the steps and the prior of the search for a fit's starts (spine/start/moves.hpp).
#pragma once

#include "diffam/spine/find/chain.hpp"
#include "diffam/spine/start/moves.hpp"

namespace diffam::spine::find {

/// Moves all links at once, each by itself.
template <exec::policy Host>
void refine(const pose_scores<Host>& scores, std::vector<chain_link>& links,
            const start_search_params& p = {.halvings = 2, .moves = 4}) {
  std::vector<start_move> best(links.size());
  std::vector<double> least;
  std::vector<chain_link> start = links;
  for (const auto& l : links) least.push_back(l.score);
  double share = 1;
  for (int h = 0; h <= p.halvings; ++h, share /= 2)
    for (int n = 0; n < p.moves; ++n) {
      std::vector<typename pose_scores<Host>::labelled_pose> tried;
      std::vector<start_move> moves;
      for (std::size_t m = 0; m < links.size(); ++m)
        for (const start_move& c : diffam::spine::detail::start_compass(best[m], p, share)) {
          moves.push_back(c);
          tried.push_back({links[m].label, moved(start[m].where, c)});
        }
      const std::vector<float> found = scores(tried);
      const std::size_t each = moves.size() / std::max<std::size_t>(links.size(), 1);
      bool better = false;
      for (std::size_t i = 0; i < moves.size(); ++i) {
        const double cost = found[i] + diffam::spine::detail::start_prior(moves[i], {}, p);
        if (!(cost < least[i / each])) continue;
        least[i / each] = cost, best[i / each] = moves[i];
        links[i / each].where = tried[i].where, links[i / each].score = found[i];
        better = true;
      }
      if (!better) break;
    }
}

}  // namespace diffam::spine::find
