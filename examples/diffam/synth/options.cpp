// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Options of `diffam synth`.
#include <CLI/CLI.hpp>
#include <memory>

#include "command_options.hpp"
#include "commands.hpp"
#include "synth/arguments.hpp"

namespace diffam::program {

void add_synth_command(CLI::App& app, action& chosen) {
  auto a = std::make_shared<synth_arguments>();
  auto* command = app.add_subcommand("synth",
                                     "Make a CT, with its exact mask, from the meshes and the learned "
                                     "appearance of an earlier fit");
  command->add_option("-r,--results", a->results, "folder of the results of `diffam fit`")->required();
  command
      ->add_option("-o,--output", a->output, "NIfTI file for the CT; mask and centres are written beside it")
      ->required();
  command->add_option("--like", a->like, "volume whose grid the CT gets; without it, the grid of the fit");
  command->add_option("--background", a->background,
                      "CT on that grid, for all that is far from the vertebrae; without it, a plain one");
  add_dicom_options(*command, a->dicom);
  command->add_option("--spacing", a->spacing, "voxel sizes in mm along i, j, k, over the same field of view")
      ->expected(3)
      ->delimiter(',')
      ->check(CLI::Range(0.3, 10.0));
  command->add_option("--blur", a->params.blur, "standard deviation of the scanner's blur, mm")
      ->check(CLI::Range(0.0, 5.0))
      ->capture_default_str();
  command->add_option("--noise", a->params.noise, "standard deviation of the noise, HU")
      ->check(CLI::Range(0.0, 500.0))
      ->capture_default_str();
  command->add_option("--seed", a->params.seed, "seed of the noise")
      ->check(not_negative())
      ->capture_default_str();
  command->add_option("--threads", a->threads, "threads; 0: all cores. The result does not depend on it")
      ->check(CLI::Range(0, 1024));
  command->add_flag("--overwrite", a->overwrite, "replace existing files");
  command->footer("\nExample:\n  diffam synth -r out -o made/thick_ct.nii.gz --spacing 1 1 5 --noise 20");
  command->callback([a, &chosen] { chosen = [a] { return run_synth(*a); }; });
}

}  // namespace diffam::program
