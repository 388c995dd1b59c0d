// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Compares the whole chain with the image before the search for starts (spine/start/search.hpp), with its
// score: every template as given, turned by 180 degrees about each of its axes, and moved by one shift that
// all share. A turned chain that fits better tells of an image that is upside down or mirrored from front to
// back; left and right cannot be told by a spine. A common shift tells of centres in discs, in the canal
// (centres of whole masks), or on spinous processes.
#pragma once

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "diffam/spine/checks/chain_review.hpp"
#include "diffam/spine/start/moves.hpp"
#include "diffam/spine/start/score.hpp"

namespace diffam::spine {

/// Shifts in mm at the size of the templates, where levels are 34.3 mm apart.
struct whole_chain_params {
  double near_step = 4.5, far_step = 6;  // of the grids of common shifts
  int near = 2;                          // steps to either side
  int far_back = 3, far_front = 11, far_up = 3;
  double tilt = 12;  // degrees; each template is scored at -tilt, 0 and tilt
  double turn = 30;  // degrees; before a warning or an error, also turned by this about each axis
  // A turned chain wins: by so much of the mean score, and on so many of the vertebrae. Upside down, a
  // vertebra differs less from itself than front to back.
  double wins = 0.06, wins_upside_down = 0.025, most = 0.7;
  // From this difference on, one or two vertebrae may be turned from front to back. Sound ones reach 0.023.
  double may_win = 0.04;
  std::size_t fewest = 3;  // vertebrae; fewer do not tell whether they are upside down or all in discs
  std::size_t fewest_shifted = 2;  // one alone does not tell whether it lies in the canal or on a process
  // A common shift wins over those near the centres.
  double shift_wins = 0.03, disc_wins = 0.012;
  double pair_on_process_wins = 0.08;                   // two centres are refused only where this is clear
  double in_disc = 12, in_canal = 11, on_process = 36;  // mm up or down, to the front
  // Mean score of the starts after the search above which no vertebrae are there. Scans have 0.52 to 0.68,
  // generated ones of weak bone with thick slices 0.74; centres in lung, fat, muscle or heart 0.85 to 0.97,
  // in a jaw 0.80.
  double no_vertebrae = 0.81;
};

/// A chain at one of its common shifts: the scores of its vertebrae, lower is better.
struct scored_chain {
  vec3<double> shift{};  // mm at the size of the templates: right, front, up
  std::vector<double> scores;
  double mean = std::numeric_limits<double>::infinity();
};

/// Searches common shifts of a chain. `Scores` is as for `start_search`.
template <class Scores>
class whole_chain_search {
 public:
  /// `widely`: each template is scored in more directions, as those of a user may lie in another frame.
  whole_chain_search(const Scores& scores, const std::vector<pose>& poses, const whole_chain_params& p,
                     bool widely)
      : scores_(scores), poses_(poses), params_(p), turns_{{-p.tilt, 0, 0}, {}, {p.tilt, 0, 0}} {
    if (!widely) return;
    for (int axis = 0; axis < 3; ++axis)
      for (const double degrees : {-p.turn, p.turn}) turns_.emplace_back()[axis] = degrees;
  }

  /// The best chain of the near grid, turned by 180 degrees about axis 0, 1 or 2; -1: as given.
  scored_chain near(int axis) const {
    const int n = params_.near;
    return best(axis, params_.near_step, {-n, n}, {-n, n});
  }
  /// The best chain of the far grid, as given.
  scored_chain far() const {
    return best(-1, params_.far_step, {-params_.far_back, params_.far_front},
                {-params_.far_up, params_.far_up});
  }

 private:
  scored_chain best(int axis, double step, std::array<int, 2> front, std::array<int, 2> up) const {
    start_move turn;
    if (axis >= 0) turn.turn[axis] = 180;
    std::vector<pose> tried;
    std::vector<std::size_t> which;
    std::vector<vec3<double>> shifts;
    for (int f = front[0]; f <= front[1]; ++f)
      for (int u = up[0]; u <= up[1]; ++u) {
        shifts.push_back({0, f * step, u * step});
        for (std::size_t m = 0; m < poses_.size(); ++m)
          for (const auto& degrees : turns_) {
            pose p = moved(moved(poses_[m], turn), {{}, degrees, 0});
            p.translation += shifts.back() * poses_[m].basis;
            tried.push_back(p);
            which.push_back(m);
          }
      }
    const std::vector<double> found = scores_.roughly(tried, which);
    scored_chain out;
    std::size_t i = 0;
    for (const auto& shift : shifts) {
      scored_chain here{shift, {}, 0};
      for (std::size_t m = 0; m < poses_.size(); ++m, i += turns_.size())
        here.scores.push_back(
            *std::min_element(found.begin() + static_cast<std::ptrdiff_t>(i),
                              found.begin() + static_cast<std::ptrdiff_t>(i + turns_.size())));
      for (const double s : here.scores) here.mean += s / static_cast<double>(poses_.size());
      if (here.mean < out.mean) out = std::move(here);
    }
    return out;
  }

  const Scores& scores_;
  const std::vector<pose>& poses_;
  whole_chain_params params_;
  std::vector<vec3<double>> turns_;  // degrees about each axis
};

/// What the comparison of a chain with its image found.
struct whole_chain_finding {
  std::string text;          // empty: nothing
  bool fatal = false;        // the fit must not go on
  vec3<double> shift{};      // else: to be added to all starts, mm at the size of the templates
  bool orientation = false;  // the finding is about the orientation of the image
};

namespace detail {

template <class Scores>
whole_chain_finding review_once(const Scores& scores, const std::vector<pose>& poses,
                                const whole_chain_params& p, bool widely) {
  const whole_chain_search search(scores, poses, p, widely);
  const scored_chain near = search.near(-1), far = search.far();
  const scored_chain& given = near.mean <= far.mean ? near : far;
  const bool few = poses.size() < p.fewest;
  scored_chain best;
  int turned = -1;
  for (const int axis : {0, 1, 2}) {
    if (few && axis == 1) continue;
    if (scored_chain c = search.near(axis); c.mean < best.mean) best = std::move(c), turned = axis;
  }
  std::size_t better = 0;
  for (std::size_t m = 0; m < poses.size(); ++m) better += best.scores[m] < given.scores[m] ? 1 : 0;
  const bool on_most = static_cast<double>(better) >= p.most * static_cast<double>(poses.size());
  const double margin = on_most ? given.mean - best.mean : 0;
  const auto scored = [](const scored_chain& c) { return fixed_text(c.mean, 2); };
  const auto orientation = [&](const std::string& is) {
    const char* const how[] = {"upside down and turned from front to back", "upside down",
                               "turned or mirrored from front to back"};
    const std::string which =
        poses.size() == 1 ? "the vertebra fits"
                          : std::to_string(better) + " of " + std::to_string(poses.size()) + " vertebrae fit";
    return "orientation: the image " + is + " " + how[few ? 2 : turned] + ": " + which +
           " better that way (mean score " + scored(best) + ", as given " + scored(given) +
           "; lower is better); check the axes in its header";
  };
  if (margin > (turned == 1 ? p.wins_upside_down : p.wins))
    return {orientation("seems to be"), true, {}, true};
  if (few && margin > p.may_win) return {orientation("may be"), false, {}, true};
  if (poses.size() < p.fewest_shifted) return {};
  const double front = far.shift[1], up = far.shift[2];
  const auto far_text = [](double mm, const char* way, const char* other) {
    return fixed_text(std::abs(mm)) + " mm " + (mm > 0 ? way : other);
  };
  if (near.mean - far.mean > (few ? p.pair_on_process_wins : p.shift_wins) && front >= p.on_process)
    return {"centres: the bodies lie about " + far_text(front, "in front of", "behind") +
                " all given centres, which may be on the spinous processes; give the centres of the bodies",
            true};
  if (!few && near.mean - far.mean > p.disc_wins && std::abs(up) >= p.in_disc && std::abs(front) < p.in_canal)
    return {"centres: the bodies lie about " + far_text(up, "above", "below") +
                " all given centres (levels taken as 34 mm apart), which may be in the discs; give the "
                "centres of the "
                "bodies",
            true};
  if (near.mean - far.mean > p.shift_wins && std::abs(front) >= p.in_canal && (!few || front < p.on_process))
    return {"centres: all were moved by about " + far_text(front, "to the front", "to the back") +
                " (levels taken as 34 mm apart), where the bodies are; were they in the canal, like centres "
                "of mass of "
                "whole vertebrae?",
            false, far.shift};
  return {};
}

}  // namespace detail

/// Compares the chain with the image. `scores` has `roughly`, see `start_search`. After a finding, a
/// comparison in more directions decides. A doubt about the orientation does not become an error.
template <class Scores>
whole_chain_finding review_whole_chain(const Scores& scores, const std::vector<pose>& poses,
                                       const whole_chain_params& p = {}) {
  const whole_chain_finding found = detail::review_once(scores, poses, p, false);
  if (found.text.empty()) return found;
  const whole_chain_finding wider = detail::review_once(scores, poses, p, true);
  if (!found.orientation || found.fatal) return wider;
  return wider.orientation ? found : whole_chain_finding{};
}

/// What to say where the image has no vertebrae at the starts, from their scores after the search; empty
/// where it has, or where there are too few starts to tell.
inline std::string no_vertebrae(const std::vector<double>& scores, const whole_chain_params& p = {}) {
  double mean = 0;
  for (const double s : scores) mean += s / static_cast<double>(scores.size());
  if (scores.size() < p.fewest || !(mean > p.no_vertebrae)) return {};
  return "centres: the image seems to have no vertebrae there (mean score " + detail::fixed_text(mean, 2) +
         ", expected less than " + detail::fixed_text(p.no_vertebrae, 2) +
         "): are the centres and their frame right?";
}

/// What to say where all starts were moved alike, sideways or to the front; empty where they were not.
/// `least`: mm at the size of the templates.
inline std::string shared_shift(const std::vector<start_move>& moves, double least = 8) {
  constexpr std::size_t fewest = 3;
  if (moves.size() < fewest) return {};
  const char* const ways[2][2] = {{"left", "right"}, {"back", "front"}};
  for (int axis = 0; axis < 2; ++axis) {
    std::vector<double> shifts;
    for (const start_move& m : moves) shifts.push_back(m.shift[axis]);
    std::sort(shifts.begin(), shifts.end());
    const double lowest = shifts.front(), highest = shifts.back(), middle = shifts[shifts.size() / 2];
    if (std::abs(middle) >= least && lowest * highest > 0)
      return "centres: all were moved to the " + std::string(ways[axis][middle > 0 ? 1 : 0]) + ", by about " +
             detail::fixed_text(std::abs(middle)) + " mm: is their frame right?";
  }
  return {};
}

}  // namespace diffam::spine
