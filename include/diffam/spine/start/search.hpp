// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Searches better starts than the given centres. Each template is moved, turned and scaled as a whole to the
// place where most of its surface lies on falling edges of the image (spine/start/score.hpp). The search has
// three steps: a coarse grid of shifts along the spine and to the front, tilts, bends and twists, where
// centres are least reliable; a grid of turns about all axes; a compass search over all seven unknowns. A
// prior keeps the template near its start where the image gives no information. The prior also expects
// neighbours at the distance of their levels in a spine of this size (spine/anatomy/chain_spacing.hpp). The
// first grid is searched for the whole chain at once, by dynamic programming over the shifts along the spine
// (a pictorial structure: Felzenszwalb & Huttenlocher 2005). Where most of the chain turns the same way, the
// error is in the axes of the templates, not in their places: the search then runs again, centred at that
// common turn.
//
// A vertebra has some 6,500 candidate poses, most of them scored with few points. The search takes about as
// long as ten iterations of the fit.
#pragma once

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "diffam/core/median.hpp"
#include "diffam/spine/start/moves.hpp"
#include "diffam/spine/start/score.hpp"
#include "diffam/spine/start/whole_chain.hpp"

namespace diffam::spine {

/// Searches the starts of a chain. `Scores` is called with poses and the index of each pose's template, and
/// returns one number for each, where lower is better. The result depends on these numbers alone, so every
/// policy that gives the same numbers gives the same starts. If `Scores` has a member `roughly`, this cheaper
/// score selects the candidates of the first grid that get the full score.
template <class Scores>
class start_search {
 public:
  /// `distances`: expected distance in mm between each pose and the next one; 0: unknown.
  start_search(const Scores& scores, const std::vector<pose>& poses, std::vector<double> distances,
               const start_search_params& p = {})
      : scores_(scores), poses_(poses), distances_(std::move(distances)), params_(p), best_(poses.size()) {}

  /// The best move of each pose.
  std::vector<start_move> run() {
    const std::vector<start_move> moves = run_about({}, {});
    const vec3<double> common = common_turn(moves);
    return norm(common) > 0 ? run_about(common, moves) : moves;
  }

 private:
  using moves_of_each = std::vector<std::vector<start_move>>;

  /// Runs the search about a common turn. `known`: one more candidate for each pose, or empty.
  std::vector<start_move> run_about(const vec3<double>& common, const std::vector<start_move>& known) {
    common_ = common;
    follow_chain(best_by_shift());
    move_once([this](std::size_t, const start_move& at) { return detail::start_turns(at, params_); });
    refine();
    if (!known.empty() && move_once([&](std::size_t m, const start_move&) { return std::vector{known[m]}; }))
      refine();
    std::vector<start_move> moves;
    for (const auto& b : best_) moves.push_back(b.move);
    return moves;
  }

  /// The compass search.
  void refine() {
    double share = 1;
    for (int h = 0; h <= params_.halvings; ++h, share /= 2) {
      const auto compass = [&](std::size_t, const start_move& at) {
        return detail::start_compass(at, params_, share);
      };
      for (int n = 0; n < params_.moves && move_once(compass); ++n) {
      }
    }
  }

  /// The median turn about each axis; 0 where it is too small to count as common.
  vec3<double> common_turn(const std::vector<start_move>& moves) const {
    vec3<double> common{};
    if (moves.size() < 3) return common;
    for (int axis = 0; axis < 3; ++axis) {
      std::vector<double> turns;
      for (const start_move& m : moves) turns.push_back(m.turn[axis]);
      const double middle = upper_median(std::move(turns));
      if (std::abs(middle) >= params_.common_turn) common[axis] = middle;
    }
    return common;
  }

  /// Score plus prior of each candidate of each pose, without the neighbours.
  template <class Score>
  std::vector<std::vector<double>> alone(const moves_of_each& candidates, const Score& score) const {
    std::vector<pose> tried;
    std::vector<std::size_t> which;
    for (std::size_t m = 0; m < candidates.size(); ++m)
      for (const start_move& c : candidates[m]) {
        tried.push_back(moved(poses_[m], c));
        which.push_back(m);
      }
    const std::vector<double> found = score(tried, which);
    std::vector<std::vector<double>> out(candidates.size());
    std::size_t i = 0;
    for (std::size_t m = 0; m < candidates.size(); ++m)
      for (const start_move& c : candidates[m])
        out[m].push_back(found[i++] + detail::start_prior(c, common_, params_));
    return out;
  }

  /// Cost of the distance between pose m and the next one.
  double distance_prior(std::size_t m, const start_move& a, const start_move& b) const {
    if (!(distances_[m] > 0)) return 0;
    const double d = norm(moved(poses_[m], a).translation - moved(poses_[m + 1], b).translation);
    const double off = std::log(std::max(d, 1e-3) / distances_[m]) / params_.distance_deviation;
    return params_.prior * off * off;
  }

  /// Keeps the candidates with the best rough scores, in their order. Keeps all where there are no rough
  /// scores.
  void keep_promising(moves_of_each& candidates) const {
    if constexpr (requires(std::vector<pose> p, std::vector<std::size_t> w) { scores_.roughly(p, w); }) {
      const auto found = alone(
          candidates, [this](const auto& poses, const auto& which) { return scores_.roughly(poses, which); });
      for (std::size_t m = 0; m < candidates.size(); ++m) {
        const double last = at_rank(found[m], (found[m].size() - 1) / params_.promising);
        std::vector<start_move> kept;
        for (std::size_t i = 0; i < found[m].size(); ++i)
          if (found[m][i] <= last) kept.push_back(candidates[m][i]);
        candidates[m] = std::move(kept);
      }
    }
  }

  /// [pose][shift along the spine]: the best candidate of the grid.
  std::vector<std::vector<detail::scored_move>> best_by_shift() const {
    std::vector<std::vector<detail::scored_move>> best(poses_.size());
    for (int up = -params_.up; up <= params_.up; ++up) {
      moves_of_each candidates(poses_.size(), detail::start_lattice(params_, common_, up));
      keep_promising(candidates);
      const auto found = alone(candidates, scores_);
      for (std::size_t m = 0; m < poses_.size(); ++m) {
        const auto least = std::min_element(found[m].begin(), found[m].end());
        best[m].push_back({candidates[m][static_cast<std::size_t>(least - found[m].begin())], *least});
      }
    }
    return best;
  }

  /// Selects one shift of each pose, so that the cost of the whole chain is lowest (dynamic programming).
  void follow_chain(const std::vector<std::vector<detail::scored_move>>& choices) {
    const std::size_t n = choices.size(), count = choices[0].size();
    std::vector<std::vector<double>> cost(n, std::vector<double>(count));
    std::vector<std::vector<std::size_t>> before(n, std::vector<std::size_t>(count));
    for (std::size_t m = 0; m < n; ++m)
      for (std::size_t c = 0; c < count; ++c) {
        double least = m == 0 ? 0 : std::numeric_limits<double>::infinity();
        for (std::size_t b = 0; m > 0 && b < count; ++b) {
          const double sum =
              cost[m - 1][b] + distance_prior(m - 1, choices[m - 1][b].move, choices[m][c].move);
          if (sum < least) least = sum, before[m][c] = b;
        }
        cost[m][c] = least + choices[m][c].score;
      }
    auto c = static_cast<std::size_t>(std::min_element(cost[n - 1].begin(), cost[n - 1].end()) -
                                      cost[n - 1].begin());
    for (std::size_t m = n; m-- > 0; c = before[m][c]) best_[m] = choices[m][c];
  }

  /// Cost of the distances from a move of pose m to the current places of its neighbours.
  double beside_neighbours(std::size_t m, const start_move& c) const {
    return (m > 0 ? distance_prior(m - 1, best_[m - 1].move, c) : 0) +
           (m + 1 < poses_.size() ? distance_prior(m, c, best_[m + 1].move) : 0);
  }

  /// Moves each pose to the best candidate of `around(m, latest move of pose m)` if that is an improvement.
  /// Returns false where no pose moved.
  template <class Around>
  bool move_once(const Around& around) {
    moves_of_each candidates;
    for (std::size_t m = 0; m < best_.size(); ++m) candidates.push_back(around(m, best_[m].move));
    const auto found = alone(candidates, scores_);
    bool better = false;
    for (std::size_t m = 0; m < poses_.size(); ++m) {  // each with its neighbours at their latest places
      detail::scored_move next = best_[m];
      double least = next.score + beside_neighbours(m, next.move);
      for (std::size_t i = 0; i < candidates[m].size(); ++i) {
        const double sum = found[m][i] + beside_neighbours(m, candidates[m][i]);
        if (!(sum < least)) continue;
        least = sum;
        next = {candidates[m][i], found[m][i]};
        better = true;
      }
      best_[m] = next;
    }
    return better;
  }

  const Scores& scores_;
  const std::vector<pose>& poses_;
  std::vector<double> distances_;
  start_search_params params_;
  vec3<double> common_{};                  // common turn, at which the grid and the prior are centred
  std::vector<detail::scored_move> best_;  // their scores are without the neighbours
};

/// Expected distances in mm between the plan's neighbouring centres, from the size of the whole spine; 0
/// where the table is not reliable, or the given distance is impossible and would drag the chain.
inline std::vector<double> expected_distances(const centroid_list& centres) {
  std::vector<double> out;
  for (const chain_step& s : chain_steps(centres)) out.push_back(s.impossible ? 0 : s.expected);
  return out;
}

/// Compares the plan's chain with the image (spine/start/whole_chain.hpp), and moves its poses to better
/// starts where the options ask for it. A finding is added to `warnings` and to the remarks of all vertebrae.
/// Throws `error` (bad_data) where the image is turned or the centres are not at the bodies. Allocates and
/// synchronises.
template <real T, exec::policy Exec>
std::vector<start_move> improve_starts(const Exec& e, fit_plan& plan, const image_sampler<T>& image,
                                       const fit_options& o, std::vector<std::string>& warnings) {
  const start_scores<T, Exec> scores(e, plan, image, o.edges);
  const whole_chain_finding whole = review_whole_chain(scores, plan.poses);
  if (whole.fatal) throw error(whole.text, error_kind::bad_data);
  const auto add = [&](const std::string& text) {
    warnings.push_back(text);
    for (auto& remarks : plan.remarks) remarks.push_back(text);
  };
  if (!whole.text.empty()) add(whole.text);
  std::vector<pose> poses = plan.poses;
  for (pose& p : poses) p.translation += whole.shift * p.basis;
  std::vector<start_move> moves(poses.size());
  if (o.start_search) moves = start_search(scores, poses, expected_distances(plan.centres)).run();
  if (const std::string shared = shared_shift(moves); whole.text.empty() && !shared.empty()) add(shared);
  for (std::size_t m = 0; m < moves.size(); ++m) {
    moves[m].shift += whole.shift;
    plan.poses[m] = moved(plan.poses[m], moves[m]);
    plan.start[m] = transformed(plan.poses[m], plan.templates[m]);
  }
  if (o.start_search) {
    std::vector<std::size_t> each(moves.size());
    std::iota(each.begin(), each.end(), std::size_t{0});
    if (const std::string nothing = no_vertebrae(scores(plan.poses, each)); !nothing.empty()) add(nothing);
  }
  return moves;
}

}  // namespace diffam::spine
