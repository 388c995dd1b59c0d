// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// `diffam cohort`: many scans, after the contract of BIDS Apps (Gorgolewski et al., PLoS Comput. Biol. 13,
// 2017): `DATA OUTPUT participant`, then `DATA OUTPUT group`.
#include <fmt/core.h>

#include "cohort/group.hpp"
#include "cohort/nnunet.hpp"
#include "cohort/participant.hpp"
#include "cohort/record.hpp"
#include "commands.hpp"
#include "diffam/core/error.hpp"
#include "exit_codes.hpp"

namespace diffam::program {

namespace {

int print_list(const cohort_arguments& a, const std::vector<scan_files>& scans) {
  std::string text;
  for (const scan_files& s : scans)
    text += fmt::format("{}\t{}\t{}\t{}\t{}\n", s.name(), state_name(state_of(a.output, s)),
                        one_line(s.ct.string()), one_line(s.centres.string()), one_line(s.truth.string()));
  print_result("scan\tstate\tct\tcentres\ttruth\n" + text);
  return exit_done;
}

}  // namespace

int run_cohort(const cohort_arguments& a) {
  if (a.level != "participant" && !a.fit_options.empty())
    throw error("cohort: expected no options of fit for the level " + a.level + ", got '" +
                a.fit_options.front() + "'");
  if (a.level == "export-nnunet") return run_export(a);
  if (a.level != "list" && a.level != "participant" && a.level != "group")
    throw error(
        "cohort: expected the level list, participant or group, or RESULTS export-nnunet FOLDER, got '" +
        a.level + "'");
  const console out(a.level_of_messages());
  std::error_code ignored;
  if (std::filesystem::equivalent(a.data, a.output, ignored))
    throw error(a.output.string() + ": expected another folder than that of the data, got the same");
  scan_list found = find_scans(a.data, a.output);
  out.note(fmt::format("{} scans, layout: {}", found.scans.size(), found.layout));
  found.scans = chosen_scans(found.scans, a);
  if (a.level == "list") return print_list(a, found.scans);
  if (a.level == "group") return run_group(a, found);
  return a.dry_run ? plan_participants(a, found.scans) : run_participants(a, found.scans);
}

}  // namespace diffam::program
