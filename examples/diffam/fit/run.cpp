// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Runs iterations until the fit is done or a signal stops it.
#include "fit/run.hpp"

#include <fmt/core.h>

#include <chrono>
#include <cmath>

#include "diffam/core/error.hpp"
#include "fit/checkpoint.hpp"
#include "fit/progress_display.hpp"
#include "signals.hpp"

namespace diffam::program {

bool run_fit_loop(fit_engine& fit, const fit_run_options& options, const console& out) {
  using clock = std::chrono::steady_clock;
  const auto save = [&] { write_checkpoint(options.checkpoint, options.run, fit.checkpoint()); };
  progress_display progress(out, options.total, fit.iteration());
  auto saved = clock::now();
  while (!fit.done()) {
    if (stop_requested()) {
      progress.finish();
      save();
      out.note(fmt::format("{}: stopped after iteration {} of {}; continue with --resume", stop_signal_name(),
                           fit.iteration(), options.total));
      return false;
    }
    fit.step();
    if (fit.iteration() % fit.read_loss_every() != 0 && !fit.done()) continue;
    const double loss = fit.losses().total;
    if (!std::isfinite(loss))
      throw error(fmt::format("fit: expected a finite loss, got none at iteration {}", fit.iteration()),
                  error_kind::internal);
    progress.update(fit.iteration(), loss);
    if (std::chrono::duration<double>(clock::now() - saved).count() < options.checkpoint_every) continue;
    save();
    saved = clock::now();
  }
  progress.finish();
  return true;
}

}  // namespace diffam::program
