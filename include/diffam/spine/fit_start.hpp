// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Several starts for the ends of the chain. The centres tell an end's tilt badly: only one neighbour is
// there, and the end of a lordosis is where a spine bends most. Each end is fitted from several tilts, with
// its neighbour alone and for a short time; the whole fit then starts from the tilt that looked best.
#pragma once

#include <limits>

#include "diffam/solve/solver.hpp"
#include "diffam/spine/fit_parts.hpp"

namespace diffam::spine {

/// One start of one end.
struct start_trial {
  std::size_t vertebra;
  double tilt;  // degrees, see `tilted`
};

/// The pose turned about the template's left-right axis through its centre. Positive: the front comes towards
/// the chain, the arch goes away from the neighbour's, onto which a start from the chord tends to put it.
inline pose tilted(const pose& p, double degrees, bool lower_end) {
  const double a = (lower_end ? degrees : -degrees) * 3.14159265358979323846 / 180;
  const double c = std::cos(a), s = std::sin(a);
  pose q = p;
  q.basis.row[1] = p.basis.row[1] * c + p.basis.row[2] * s;
  q.basis.row[2] = p.basis.row[2] * c - p.basis.row[1] * s;
  return q;
}

/// All tilts of the upper end, then all of the lower end; none where there is no choice.
inline std::vector<start_trial> start_trials(const fit_plan& plan, const fit_options& o) {
  std::vector<start_trial> trials;
  if (o.start_tilts.size() < 2) return trials;
  for (const std::size_t m : {std::size_t{0}, plan.poses.size() - 1}) {
    if (m == 0 && !trials.empty()) break;  // a single vertebra is both ends
    for (const double tilt : o.start_tilts) trials.push_back({m, tilt});
  }
  return trials;
}

/// Mean image residual and mean normal term of one vertebra alone, after a forward, weighted like the
/// objective.
template <class Parts, class Exec, class Workspace>
double loss_of_vertebra(const Workspace& w, index_t vertebra, index_t faces_each, const fit_options& o) {
  const auto on_host = [](auto from) {
    using element = std::remove_cvref_t<decltype(from[0])>;
    std::vector<element> host(static_cast<std::size_t>(from.size()));
    Exec::memory::copy_to_host(host.data(), from.data, host.size() * sizeof(element));
    return host;
  };
  const auto mean = [&](auto terms, auto weights, const auto& belongs) {
    const auto t = on_host(terms), k = on_host(weights);
    double sum = 0, count = 0;
    for (std::size_t i = 0; i < t.size(); ++i)
      if (belongs(i)) sum += static_cast<double>(t[i]), count += static_cast<double>(k[i]);
    return count > 0 ? sum / count : std::numeric_limits<double>::infinity();
  };
  const auto mesh = on_host(Parts::scene_samples(w).record.mesh);
  const auto face_of = on_host(Parts::normal_samples(w).places.face);
  double loss = 0;
  if (o.weight_image > 0)
    loss += o.weight_image * mean(Parts::image_samples(w).terms, Parts::image_samples(w).weights,
                                  [&](std::size_t i) { return mesh[i] == vertebra; });
  if (o.weight_normal > 0)
    loss += o.weight_normal * mean(Parts::normal_samples(w).terms, Parts::normal_samples(w).weights,
                                   [&](std::size_t i) { return face_of[i] / faces_each == vertebra; });
  return loss;
}

/// Runs the trials one by one; what is left to do is in `losses`, which can be saved.
template <real T,             // scalar
          exec::policy Exec,  // execution policy
          component Renderer = fit_renderer<T, Exec>>
class start_search {
 public:
  using builder = fit_parts<T, Exec, Renderer>;

  start_search(const fit_plan& plan, const fit_options& o)
      : trials_(start_trials(plan, o)), losses_(trials_.size(), not_run) {}

  bool done() const { return next() == trials_.size(); }
  const std::vector<start_trial>& trials() const { return trials_; }
  /// Of each trial; NaN: not run.
  const std::vector<double>& losses() const { return losses_; }
  void set_losses(std::vector<double> losses) { losses_ = std::move(losses); }

  /// Runs the next trial. Allocates and releases its memory.
  void run_next(const Exec& e, const fit_plan& plan, const eigenbasis& basis, const fit_options& options,
                const scale_space<T, Exec>& image) {
    const start_trial& trial = trials_[next()];
    const std::size_t first = trial.vertebra > 0 ? trial.vertebra - 1 : 0;
    const fit_plan piece = piece_of(plan, first, std::min<std::size_t>(2, plan.poses.size()));
    const std::size_t at = trial.vertebra - first;
    std::vector<pose> poses = piece.poses;
    poses[at] = tilted(poses[at], trial.tilt, trial.vertebra > 0);
    fit_options o = options;
    o.iterations = options.start_iterations;
    o.samples = std::max<index_t>(1, options.samples * piece.count() / plan.count());
    o.normal_samples = std::max<index_t>(1, options.normal_samples * piece.count() / plan.count());
    const fit_shapes shapes = make_shapes(basis, piece, poses);
    iteration_clock<Exec> clock(o.iterations);
    const builder parts(piece, basis, shapes, o, image, clock.state());
    const auto steps = parts.steps();
    auto model = parts.model();
    solver<typename builder::model_type, typename builder::rule_type> s(model, parts.rule(steps), e, clock);
    while (!s.done()) s.step();
    s.evaluate();
    const double loss = loss_of_vertebra<typename builder::parts, Exec>(
        s.workspace(), static_cast<index_t>(at), static_cast<index_t>(piece.templates[0].faces.size()), o);
    losses_[next()] = std::isfinite(loss) ? loss : std::numeric_limits<double>::infinity();
  }

  /// The best tilt of each of `count` vertebrae, 0 where none was tried; of equals the first.
  std::vector<double> tilts(std::size_t count) const {
    std::vector<double> best(count, 0), least(count, std::numeric_limits<double>::infinity());
    for (std::size_t i = 0; i < trials_.size(); ++i)
      if (losses_[i] < least[trials_[i].vertebra]) {
        least[trials_[i].vertebra] = losses_[i];
        best[trials_[i].vertebra] = trials_[i].tilt;
      }
    return best;
  }

 private:
  static constexpr double not_run = std::numeric_limits<double>::quiet_NaN();

  std::size_t next() const {
    std::size_t i = 0;
    while (i < losses_.size() && !std::isnan(losses_[i])) ++i;
    return i;
  }

  std::vector<start_trial> trials_;
  std::vector<double> losses_;
};

}  // namespace diffam::spine
