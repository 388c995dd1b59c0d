// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Options of `diffam cohort`.
#include <CLI/CLI.hpp>
#include <memory>
#include <utility>

#include "cohort/arguments.hpp"
#include "command_options.hpp"
#include "commands.hpp"

namespace diffam::program {

namespace {

constexpr const char* cohort_footer = R"(
DATA is a folder in the layout of BIDS or VerSe, a folder of volumes, a folder of DICOM folders, or a table of paths
(.csv, .tsv; column ct, and if wanted subject, session, centres, truth). Centres and truths are found by their names.

Further options go to each fit (see diffam fit --help).

Levels:
  list         prints the scans, and how far each is
  participant  fits each scan in a process of its own, and scores it where there is a truth
  group        writes cohort.csv, cohort.html (worst first), methods.md, and dice.svg where there are truths

With RESULTS export-nnunet FOLDER it writes a data set of nnU-Net v2 from the results of participant: the vertebrae with
a confidence of at least --accept, and the ignore label where nothing is known. --synthesize N adds N pairs made from
each fit, with exact masks.

Exit codes are those of fit. Where several scans fail for different reasons, the code is 65; 75 means: call again with
--skip-existing.

Example:
  diffam cohort data out participant --skip-existing --preset fast
  diffam cohort data out group
  diffam cohort out export-nnunet nnUNet_raw/Dataset101_Vertebrae)";

}  // namespace

void add_cohort_command(CLI::App& app, action& chosen) {
  auto a = std::make_shared<cohort_arguments>();
  auto* command = app.add_subcommand("cohort", "Fit all scans of a data set, and look at them together");
  command->add_option("data", a->data, "data set: a folder, or a table of paths")->required();
  command->add_option("output", a->output, "folder for the results")->required();
  command->add_option("level", a->level, "list, participant or group")->required();
  command->allow_extras();  // options of fit
  command->add_option("--participant-label,--participant_label", a->participants, "only these participants");
  command->add_option("--session-label,--session_label,--session", a->sessions, "only these sessions");
  command->add_option("--scan", a->scans, "only these scans, by their names in the list");
  command->add_flag("--skip-existing", a->skip_existing, "leave finished scans; run or continue the others");
  command->add_flag("--overwrite", a->overwrite, "replace existing results")->excludes("--skip-existing");
  command
      ->add_option("--jobs", a->jobs, "fits at the same time, one thread each; 0: by cores and free memory")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command
      ->add_option("--fail-below", a->fail_below,
                   "exit code 3, after all is written, if a vertebra's confidence is below this")
      ->check(CLI::Range(0.0, 1.0));
  command->add_flag("--dry-run", a->dry_run, "participant: print the memory of each scan, write nothing");
  auto* quiet = command->add_flag("-q,--quiet", a->quiet, "print results and errors only");
  command->add_flag("-v,--verbose", a->verbose, "print more")->excludes(quiet);
  command->footer(cohort_footer);
  command->add_option("--accept", a->accept, "export-nnunet: the least confidence of a vertebra")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command
      ->add_option("--synthesize", a->synthesize,
                   "export-nnunet: further pairs of image and mask made from each fit")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command->callback([a, command, &chosen] {
    a->fit_options = command->remaining();
    std::erase(a->fit_options, "--");
    if (a->output == "export-nnunet") a->output = std::exchange(a->level, "export-nnunet");
    chosen = [a] { return run_cohort(*a); };
  });
}

}  // namespace diffam::program
