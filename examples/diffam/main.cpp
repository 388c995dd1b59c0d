// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The program `diffam`: vertebra segmentation without training, and what belongs to it.
#include <CLI/CLI.hpp>
#include <csignal>
#include <new>
#include <sstream>

#include "commands.hpp"
#include "console.hpp"
#include "diffam/version.hpp"
#include "exit_codes.hpp"

namespace {

using namespace diffam;
using namespace diffam::program;

constexpr const char* footer = R"(
Example:
  diffam phantom -o demo
  diffam fit -i demo/phantom_ct.nii.gz -c demo/phantom_ctd.json -o demo/out
  diffam eval -p demo/out/phantom_seg-vert_msk.nii.gz -g demo/phantom_truth.nii.gz

Method: Kim and Park, SPIE Medical Imaging 2024, doi 10.1117/12.3006602.)";

/// Help and version go to stdout; a wrong command line is one line on stderr.
int answer_parse_error(const CLI::App& app, const CLI::ParseError& e) {
  std::ostringstream out, err;
  if (app.exit(e, out, err) == 0) {
    print_result(out.str());
    return exit_done;
  }
  console::fail(std::string(e.what()) + " (see diffam --help)");
  return exit_usage;
}

int run(int argc, char** argv) {
  CLI::App app("Vertebra segmentation of CT without training, by differentiable appearance modelling.",
               "diffam");
  app.set_version_flag("--version", "diffam " DIFFAM_VERSION);
  app.require_subcommand(1);
  app.footer(footer);
  action chosen;
  add_fit_command(app, chosen);
  add_eval_command(app, chosen);
  add_phantom_command(app, chosen);
  add_info_command(app, chosen);
  add_template_command(app, chosen);
  const auto is_asked_for = [&](CLI::App* command) { return command->check_name(argv[1]); };
  if (argc > 1 && argv[1][0] != '-' && app.get_subcommands(is_asked_for).empty())
    throw error(std::string("unknown command '") + argv[1] +
                "': expected fit, eval, phantom, info or template");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return answer_parse_error(app, e);
  }
  return chosen();
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe shows as a failed write
  try {
    return run(argc, argv);
  } catch (const error& e) {
    console::fail(e.what());
    return exit_code_of(e.kind());
  } catch (const std::bad_alloc&) {
    console::fail("out of memory");
    return exit_internal;
  } catch (const std::exception& e) {
    console::fail(std::string("internal: ") + e.what());
    return exit_internal;
  }
}
