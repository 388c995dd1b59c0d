// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The fit of a spine to a CT (Kim & Park 2024): set-up in the constructor, one iteration in `step`, meshes
// and the appearance curve in `result`.
//
//     const template_set templates(make_template());   // or one mesh per label
//     spine_fit<float, exec::threads> fit(e, ct, centres, templates, default_preset(), warnings);
//     while (!fit.done()) fit.step();
//     const fit_result r = fit.result();   // for a label volume see spine/voxelise.hpp
#pragma once

#include <span>
#include <string>
#include <vector>

#include "diffam/exec/host.hpp"
#include "diffam/solve/solver.hpp"
#include "diffam/spine/fit_parts.hpp"
#include "diffam/spine/fit_report.hpp"

namespace diffam::spine {

template <real T,             // scalar
          exec::policy Exec,  // execution policy
          component Renderer =
              fit_renderer<T, Exec>>  // the appearance function; by default what options name
class spine_fit {
 public:
  using builder = fit_parts<T, Exec, Renderer>;
  using parts = typename builder::parts;
  using model_type = typename builder::model_type;
  using rule_type = typename builder::rule_type;

  /// `ct` in HU, `centres` and the templates (closed, origin at the body centre) in mm. Throws `error` where
  /// an input is not usable; what is usable but odd goes to `warnings`.
  spine_fit(const Exec& e, const volume<float>& ct, centroid_list centres, const template_set& templates,
            const fit_options& o, std::vector<std::string>& warnings)
      : exec_(e),
        options_(o),
        image_(ct.geometry),
        plan_(plan_fit(ct.geometry, std::move(centres), templates, o, warnings)),
        clock_(o.iterations),
        image_levels_(exec::host_policy(e), look_at(exec::host_policy(e), ct, plan_, o),
                      {.sigma = o.blur_mm, .until = o.blur_until, .levels = o.blur_levels}),
        shapes_(make_shapes(templates, plan_, o)),
        parts_(plan_, shapes_, options_, image_levels_, clock_.state()),
        steps_(parts_.steps()),
        model_(parts_.model()),
        solver_(model_, parts_.rule(steps_), exec_, clock_) {
    history_.reserve(o.iterations);
  }

  spine_fit(const spine_fit&) = delete;
  spine_fit& operator=(const spine_fit&) = delete;

  bool done() const { return solver_.done(); }
  std::uint64_t iteration() const { return solver_.iteration(); }

  /// One iteration. Allocates nothing.
  void step() {
    solver_.step();
    history_.push_back(parts::read(solver_.workspace(), solver_.output()));
  }

  /// Unweighted terms of the last iteration; zeros before the first.
  loss_values losses() const { return history_.empty() ? loss_values{} : history_.back(); }

  index_t vertebra_count() const { return plan_.count(); }
  const fit_plan& plan() const { return plan_; }
  const fit_shapes& shapes() const { return shapes_; }
  /// Memory of the run in bytes: what the iterations use, and the image's levels.
  index_t planned_bytes() const {
    return solver_.planned_bytes() + static_cast<index_t>(image_levels_.bytes());
  }

  /// Meshes, centres, history and curve at the current unknowns.
  fit_result result() {
    fit_result r;
    solver_.evaluate();
    const view<const T> on_device = parts::vertices(solver_.workspace());
    buffer<T> vertices(on_device.rows, on_device.cols);
    Exec::memory::copy_to_host(vertices.data(), on_device.data, vertices.bytes());
    const buffer<T> unknowns = parts::unknowns_of(model_).get();
    for (index_t m = 0; m < vertebra_count(); ++m) {
      const vec3<T> t = load3(view<const T>(unknowns.get()), (m + 1) * (shapes_.basis.modes() + 4) - 1);
      r.vertebrae.push_back(report_vertebra(plan_, m, view<const T>(vertices.get()),
                                            {double(t[0]), double(t[1]), double(t[2])}, image_));
    }
    r.history = history_;
    append_curve(parts::renderer_of(model_), exec_, r);
    return r;
  }

  /// The whole state, to go on later with the same bits.
  std::vector<std::byte> checkpoint() const {
    std::vector<std::byte> out = solver_.save();
    const auto* h = reinterpret_cast<const std::byte*>(history_.data());
    out.insert(out.end(), h, h + history_.size() * sizeof(loss_values));
    return out;
  }

  /// Throws `error` (bad_data) where `saved` is not from a fit with the same sizes.
  void restore(std::span<const std::byte> saved) {
    const std::size_t state = solver_.save().size();
    if (saved.size() < state || (saved.size() - state) % sizeof(loss_values) != 0)
      throw error("checkpoint: expected a state of " + std::to_string(state) +
                      " bytes and its history, got " + std::to_string(saved.size()) + " bytes",
                  error_kind::bad_data);
    solver_.restore(saved.first(state));
    history_.resize((saved.size() - state) / sizeof(loss_values));
    std::memcpy(history_.data(), saved.data() + state, saved.size() - state);
    history_.reserve(options_.iterations);
  }

 private:
  Exec exec_;
  fit_options options_;
  grid image_;
  fit_plan plan_;
  iteration_clock<Exec> clock_;
  scale_space<T, Exec> image_levels_;
  fit_shapes shapes_;
  builder parts_;
  typename builder::steps_type steps_;
  model_type model_;
  solver<model_type, rule_type> solver_;
  std::vector<loss_values> history_;
};

}  // namespace diffam::spine
