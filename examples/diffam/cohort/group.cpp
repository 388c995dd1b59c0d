// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Puts the results of a cohort together.
#include "cohort/group.hpp"

#include <fmt/core.h>

#include "cohort/box_plot.hpp"
#include "cohort/derivatives.hpp"
#include "cohort/page.hpp"
#include "cohort/summary.hpp"
#include "diffam/io/atomic_file.hpp"
#include "exit_codes.hpp"

namespace fs = std::filesystem;

namespace diffam::program {

namespace {

/// The exit code by --fail-below.
exit_code code_of(const cohort_arguments& a, const std::vector<scan_result>& results) {
  if (!a.fail_below) return exit_done;
  std::string below;
  int count = 0;
  for (const auto& r : results)
    if (r.lowest_confidence() < *a.fail_below && ++count <= 5)
      below += (count > 1 ? ", " : "") + r.scan.name();
  if (count == 0) return exit_done;
  console::fail(fmt::format("confidence below {:g} in {} scans: {}{}", *a.fail_below, count, below,
                            count > 5 ? ", ..." : ""));
  return exit_low_confidence;
}

}  // namespace

int run_group(const cohort_arguments& a, const scan_list& found) {
  make_derivatives(a.output);
  std::vector<scan_result> results;
  for (const scan_files& s : found.scans) results.push_back(read_result(a.output, s));
  const std::string plot = dice_plot(results), methods = methods_text(results, found.layout);
  const std::string title = fs::absolute(a.output / ".").lexically_normal().parent_path().filename().string();
  io::write_file(a.output / "cohort.csv", cohort_csv(results));
  io::write_file(a.output / "methods.md", methods);
  io::write_file(a.output / "cohort.html", page_text({title, results, plot, methods}, a.output));
  std::error_code ignored;
  if (plot.empty())
    fs::remove(a.output / "dice.svg", ignored);
  else
    io::write_file(a.output / "dice.svg", plot);
  const cohort_summary c = summarise(results);
  print_result(fmt::format(
      "scans {}: {} done, {} failed, {} not finished, {} not run; {} of {} vertebrae flagged\npage {}\n",
      results.size(), c.done, c.failed, c.not_finished, c.not_run, c.flagged, c.vertebrae,
      one_line((a.output / "cohort.html").string())));
  return code_of(a, results);
}

}  // namespace diffam::program
