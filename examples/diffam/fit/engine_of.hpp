// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The fit engine of an execution policy. For each policy, only one translation unit includes this, because
// the fit takes long to compile.
#pragma once

#include "diffam/spine/fit.hpp"
#include "fit/engine.hpp"

namespace diffam::program {

/// Forwards each call to the fit.
template <exec::policy Exec>
class engine_of : public fit_engine {
 public:
  engine_of(const Exec& e, const volume_view<float>& ct, const spine::centroid_list& centres,
            const spine::template_set& templates, const spine::fit_options& options,
            std::vector<std::string>& warnings)
      : fit_(e, ct, centres, templates, options, warnings) {}

  bool done() const override { return fit_.done(); }
  void step() override { fit_.step(); }
  std::uint64_t iteration() const override { return fit_.iteration(); }
  spine::loss_values losses() const override { return fit_.losses(); }
  spine::fit_result result() override { return fit_.result(); }
  spine::fit_result result(const volume_view<float>& ct) override { return fit_.result(ct); }
  std::vector<std::byte> checkpoint() const override { return fit_.checkpoint(); }
  void restore(std::span<const std::byte> state) override { fit_.restore(state); }
  index_t planned_bytes() const override { return fit_.planned_bytes(); }
  std::uint64_t read_loss_every() const override { return 1; }

 protected:
  spine::spine_fit<float, Exec> fit_;
};

}  // namespace diffam::program
