// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The fit of a spine to a CT (Kim & Park 2024). The constructor does the set-up, `step` runs one iteration,
// and `result` gives the meshes and the appearance curve.
//
//     const template_set templates(make_template());   // or one mesh per label
//     spine_fit<float, exec::threads> fit(e, ct, centres, templates, default_preset(), warnings);
//     while (!fit.done()) fit.step();
//     const fit_result r = fit.result(ct);   // for a label volume see spine/voxelise.hpp
#pragma once

#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "diffam/exec/host_policy.hpp"
#include "diffam/solve/solver.hpp"
#include "diffam/spine/fit/parts.hpp"
#include "diffam/spine/fit/report.hpp"
#include "diffam/spine/fit/review.hpp"
#include "diffam/spine/start/search.hpp"
#include "diffam/spine/surface/stage.hpp"

namespace diffam::spine {

/// The fit of all vertebrae of one CT. An iteration allocates no memory and throws no error.
template <real T,                                      // scalar
          exec::policy Exec,                           // execution policy
          component Renderer = fit_renderer<T, Exec>>  // the appearance function
class spine_fit {
 public:
  using builder = fit_parts<T, Exec, Renderer>;
  using parts = typename builder::parts;
  using model_type = typename builder::model_type;
  using rule_type = typename builder::rule_type;

  /// `ct`: in HU, the whole volume or the part that `look_at` needs. `centres`: world mm. `templates`: closed
  /// meshes, mm, origin at the body centre. Throws `error` where an input is not usable; remarks on usable
  /// but unusual inputs are added to `warnings`.
  spine_fit(const Exec& e, const volume_view<float>& ct, centroid_list centres, const template_set& templates,
            const fit_options& o, std::vector<std::string>& warnings)
      : exec_(e),
        options_(o),
        image_(ct.geometry),
        plan_(plan_fit(ct.geometry, std::move(centres), templates, o, warnings)),
        clock_(o.iterations),
        image_levels_(exec::host_policy(e), look_at(exec::host_policy(e), ct, plan_, o),
                      {.sigma = o.blur_mm, .until = o.blur_until, .levels = o.blur_levels}),
        moves_(improve_starts<T>(e, plan_, image_levels_.most_blurred(), o, warnings)),
        basis_(make_basis(templates, o, exec::host_policy(e).concurrency())),
        shapes_(make_shapes(basis_, plan_, plan_.poses)),
        parts_(plan_, basis_, shapes_, options_, image_levels_, clock_.state(), flags_.word()),
        steps_(parts_.steps()),
        model_(parts_.model()),
        solver_(model_, parts_.rule(steps_), exec_, clock_),
        record_(o.iterations),
        sources_(parts::losses(solver_.workspace(), solver_.output(), o)) {}

  spine_fit(const spine_fit&) = delete;
  spine_fit& operator=(const spine_fit&) = delete;

  bool done() const { return solver_.done(); }
  std::uint64_t iteration() const { return solver_.iteration(); }

  /// Runs one iteration; it allocates nothing.
  void step() {
    launch();
    count();
  }

  /// The two halves of `step`: `launch` does the work of an iteration, `count` counts it. See
  /// solve/replay.cuh.
  void launch() {
    solver_.launch();
    record_.launch(exec_, sources_, clock_.state(), flags_.word());
  }
  void count() { solver_.count(); }

  /// Unweighted loss terms of the last iteration; zeros before the first one. Synchronises.
  loss_values losses() const { return iteration() == 0 ? loss_values{} : record_.at(iteration() - 1); }

  index_t vertebra_count() const { return plan_.count(); }
  const fit_plan& plan() const { return plan_; }
  const eigenbasis& basis() const { return basis_; }
  const fit_shapes& shapes() const { return shapes_; }
  /// Memory of the run in bytes: the workspace of the iterations and the levels of the image.
  index_t planned_bytes() const {
    return solver_.planned_bytes() + static_cast<index_t>(image_levels_.bytes());
  }

  /// Meshes, centres, loss history and appearance curve for the current unknowns.
  fit_result result() { return reviewed(current()); }

  /// The same at the end of a run: with the last stage (spine/surface/stage.hpp), if the options ask for it.
  /// `ct`: as for the constructor.
  fit_result result(const volume_view<float>& ct) {
    fit_result r = current();
    if (options_.surface_stage) {
      std::vector<triangle_mesh<double>> meshes;
      for (auto& v : r.vertebrae) meshes.push_back(std::move(v.mesh));
      move_to_edges(exec::host_policy(exec_), ct, std::span(meshes),
                    {.window_low_hu = options_.window_low_hu, .window_high_hu = options_.window_high_hu});
      for (std::size_t m = 0; m < meshes.size(); ++m) r.vertebrae[m].mesh = std::move(meshes[m]);
    }
    return reviewed(std::move(r));
  }
  /// The whole state (flags, solver state, loss history), from which `restore` goes on with the same bits.
  std::vector<std::byte> checkpoint() const {
    const flag_word flags = flags_.get();
    const std::vector<std::byte> state = solver_.save();
    const std::vector<loss_values> history = record_.values(iteration());
    const std::span<const std::byte> parts[] = {std::as_bytes(std::span(&flags, 1)), state,
                                                std::as_bytes(std::span(history))};
    std::size_t size = 0;
    for (const auto& part : parts) size += part.size();
    std::vector<std::byte> out(size);
    std::size_t at = 0;
    for (const auto& part : parts) {
      if (!part.empty()) std::memcpy(out.data() + at, part.data(), part.size());
      at += part.size();
    }
    return out;
  }

  /// Takes over a state made by `checkpoint`. Throws `error` (bad_data) where it is not from a fit of the
  /// same sizes.
  void restore(std::span<const std::byte> saved) {
    const std::size_t state = solver_.save().size(), whole = sizeof(flag_word) + state;
    if (saved.size() < whole || (saved.size() - whole) % sizeof(loss_values) != 0)
      throw error("checkpoint: expected a state of " + std::to_string(whole) +
                      " bytes and its history, got " + std::to_string(saved.size()) + " bytes",
                  error_kind::bad_data);
    flag_word flags;
    std::memcpy(&flags, saved.data(), sizeof flags);
    flags_.set(flags);
    saved = saved.subspan(sizeof flags);
    solver_.restore(saved.first(state));
    const auto history = saved.subspan(state);
    std::vector<loss_values> losses_so_far(history.size() / sizeof(loss_values));
    if (losses_so_far.size() != iteration())
      throw error("checkpoint: expected a history of " + std::to_string(iteration()) + " iterations, got " +
                      std::to_string(losses_so_far.size()),
                  error_kind::bad_data);
    if (!history.empty()) std::memcpy(losses_so_far.data(), history.data(), history.size());
    record_.restore(losses_so_far);
  }

 private:
  /// Meshes, centres, loss history and appearance curve for the current unknowns, not yet reviewed.
  fit_result current() {
    fit_result r;
    solver_.evaluate();
    const view<const T> on_device = parts::vertices(solver_.workspace());
    buffer<T> vertices(on_device.rows, on_device.cols);
    Exec::memory::copy_to_host(vertices.data(), on_device.data, vertices.bytes());
    const buffer<T> unknowns = parts::unknowns_of(model_).get();
    for (index_t m = 0; m < vertebra_count(); ++m) {
      const vec3<T> t = load3(view<const T>(unknowns.get()), (m + 1) * (basis_.modes() + 4) - 1);
      r.vertebrae.push_back(report_vertebra(plan_, m, view<const T>(vertices.get()),
                                            {double(t[0]), double(t[1]), double(t[2])}));
    }
    for (std::size_t m = 0; m < moves_.size(); ++m) r.vertebrae[m].moved_start = moves_[m];
    r.history = record_.values(iteration());
    r.flags = flags_.get();
    append_curve(parts::renderer_of(model_), exec_, r);
    return r;
  }

  fit_result reviewed(fit_result r) const {
    for (std::size_t m = 0; m < r.vertebrae.size(); ++m) review(r.vertebrae[m], plan_.start[m], image_);
    return r;
  }

  Exec exec_;
  fit_options options_;
  grid image_;
  fit_plan plan_;
  iteration_clock<Exec> clock_;
  iteration_flags<Exec> flags_;
  scale_space<T, Exec> image_levels_;
  std::vector<start_move> moves_;  // how the search moved the poses of the plan
  eigenbasis basis_;
  fit_shapes shapes_;
  builder parts_;
  typename builder::steps_type steps_;
  model_type model_;
  solver<model_type, rule_type> solver_;
  loss_record<T, Exec> record_;
  loss_sources<T> sources_;
};

}  // namespace diffam::spine
