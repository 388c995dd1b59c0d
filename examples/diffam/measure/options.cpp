// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Options of `diffam measure`.
#include <CLI/CLI.hpp>
#include <memory>

#include "command_options.hpp"
#include "commands.hpp"
#include "measure/arguments.hpp"

namespace diffam::program {

void add_measure_command(CLI::App& app, action& chosen) {
  auto a = std::make_shared<measure_arguments>();
  auto* command =
      app.add_subcommand("measure", "Regions, landmarks and measurements of the meshes of an earlier fit");
  command->add_option("-r,--results", a->results, "folder of the results of `diffam fit`")->required();
  command->add_option("-i,--input", a->ct, "CT volume of that fit, for densities");
  add_dicom_options(*command, a->dicom);
  command->add_option("-t,--template", a->templates, "templates of that fit, if they were not built in");
  command->add_option("-o,--output", a->output,
                      "folder for the files; without it, the folder of the results");
  command->add_option("--threads", a->threads, "threads; 0: all cores. The result does not depend on it")
      ->check(CLI::Range(0, 1024));
  command->add_flag("--overwrite", a->overwrite, "replace existing files");
  command->add_flag("-q,--quiet", a->quiet, "print results and errors only");
  command->footer("\nExample:\n  diffam measure -r out -i sub-014_ct.nii.gz --overwrite");
  command->callback([a, &chosen] { chosen = [a] { return run_measure(*a); }; });
}

}  // namespace diffam::program
