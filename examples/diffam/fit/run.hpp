// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The loop of a fit, with progress, signals and checkpoints.
#pragma once

#include <cstdint>
#include <filesystem>

#include "console.hpp"
#include "fit/engine.hpp"

namespace diffam::program {

/// Options of `run_fit_loop`.
struct fit_run_options {
  std::filesystem::path checkpoint;
  std::uint64_t run = 0;  // fingerprint of the run
  std::uint64_t total = 0;
  double checkpoint_every = 300;  // seconds
};

/// Runs to the end and returns true. After a signal: finishes the iteration, writes a checkpoint and returns
/// false. Throws `error` (internal) where the loss is not finite.
bool run_fit_loop(fit_engine& fit, const fit_run_options& options, const console& out);

}  // namespace diffam::program
