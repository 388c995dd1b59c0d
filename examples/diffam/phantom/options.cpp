// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Options of `diffam phantom`.
#include <CLI/CLI.hpp>
#include <memory>

#include "command_options.hpp"
#include "commands.hpp"
#include "phantom/arguments.hpp"

namespace diffam::program {

void add_phantom_command(CLI::App& app, action& chosen) {
  auto a = std::make_shared<phantom_arguments>();
  auto* command =
      app.add_subcommand("phantom", "Generate a CT of a spine, with its true labels and its centres");
  command->add_option("-o,--output", a->output, "folder for the files")->required();
  command->add_option("--name", a->name, "prefix of the file names")->capture_default_str();
  command->add_option("--levels", a->levels, "vertebrae, from head to foot, like T10-L5")
      ->capture_default_str();
  command->add_option("--spacing", a->spacing, "voxel sizes in mm along i, j, k")
      ->expected(3)
      ->delimiter(',')
      ->check(CLI::Range(0.3, 6.0))
      ->capture_default_str();
  command->add_option("--noise", a->noise, "standard deviation of the noise, HU")
      ->check(CLI::Range(0.0, 500.0))
      ->capture_default_str();
  command->add_option("--seed", a->seed, "seed of shapes and noise")
      ->check(not_negative())
      ->capture_default_str();
  command->add_option("--threads", a->threads, "threads; 0: all cores. The result does not depend on it")
      ->check(CLI::Range(0, 1024));
  command->add_flag("--sagittal", a->sagittal, "tilted sagittal slices (axes PIR) instead of axial ones");
  command->add_flag("--overwrite", a->overwrite, "replace existing files");
  command->footer("\nExample:\n  diffam phantom -o demo --levels L1-L5 --spacing 1 1 2 --seed 3");
  command->callback([a, &chosen] { chosen = [a] { return run_phantom(*a); }; });
}

}  // namespace diffam::program
