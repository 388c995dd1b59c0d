// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Runs the fits of a cohort.
#include "cohort/participant.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <csignal>
#include <map>

#include "cohort/derivatives.hpp"
#include "cohort/machine.hpp"
#include "cohort/record.hpp"
#include "cohort/scan_run.hpp"
#include "diffam/core/error.hpp"
#include "diffam/io/volume_file.hpp"
#include "exit_codes.hpp"
#include "output_files.hpp"
#include "owned_folder.hpp"
#include "signals.hpp"
#include "stopwatch.hpp"

namespace fs = std::filesystem;

namespace diffam::program {

namespace {

/// A measure of the memory that a scan takes: its voxels, or the size of a DICOM folder.
index_t size_of(const scan_files& scan) {
  index_t bytes = 0;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(scan.ct, ignored))
    if (entry.is_regular_file(ignored)) bytes += static_cast<index_t>(entry.file_size(ignored));
  if (bytes > 0) return bytes / 2;
  try {
    std::vector<std::string> warnings;
    return io::read_volume_header(scan.ct, warnings).geometry.voxel_count();
  } catch (const error&) {
    return 0;  // the fit will say what is wrong
  }
}

/// How many fits run at the same time: as many as there are cores, and as the memory holds of the largest
/// scan.
int fits_at_once(const cohort_arguments& a, const std::vector<scan_files>& scans, const console& out) {
  if (a.jobs > 0) return a.jobs;
  const int most = std::min(usable_cores(), static_cast<int>(scans.size()));
  if (most <= 1) return 1;
  const auto smaller = [](const scan_files& x, const scan_files& y) { return size_of(x) < size_of(y); };
  const scan_files& largest = *std::max_element(scans.begin(), scans.end(), smaller);
  const index_t needed = memory_of(a, {largest}, 1).front(), free = available_memory();
  if (needed == 0 || free == 0) return most;
  const int fit = static_cast<int>(std::clamp(free / needed, index_t{1}, index_t{most}));
  out.note(fmt::format("{} fits at the same time: {} cores, {} MB free, {} MB for the largest scan ({})", fit,
                       usable_cores(), free / 1000000, needed / 1000000, largest.name()));
  return fit;
}

void require_free_results(const cohort_arguments& a, const std::vector<scan_files>& scans) {
  if (a.skip_existing || a.overwrite) return;
  const auto first =
      std::find_if(scans.begin(), scans.end(), [&](const scan_files& s) { return is_finished(a.output, s); });
  if (first != scans.end())
    throw error(fmt::format("{}: has results of {} already; leave them with --skip-existing, or replace them "
                            "with --overwrite",
                            a.output.string(), first->name()),
                error_kind::cannot_create);
}

/// Whether no other process writes to a folder, such as a fit that stops because its cohort was killed.
bool is_free(const fs::path& folder) {
  try {
    owned_folder(folder, "fit").lock();
    return true;
  } catch (const error&) {
    return false;
  }
}

std::string progress_of(const scan_files& scan, const scan_record& r) {
  if (has_all_results(r.code)) return fmt::format("{}: done in {:.1f} s", scan.name(), r.seconds);
  return fmt::format("{}: code {}: {}", scan.name(), r.code, r.reason);
}

/// Whether a second call may go on: stopped, or killed by another process or for memory.
bool was_stopped(const scan_run& run) {
  const int code = run.record().code;
  return !run.over() || code == exit_stopped || code == 128 + SIGKILL;
}

/// The code of all failures, or that of bad data where they differ. A scan that was stopped counts where
/// nothing failed, since only then a second call is enough.
int common_code(const std::vector<scan_run>& runs, bool stopped) {
  int code = exit_done;
  for (const scan_run& run : runs) {
    int own = run.record().code > 128 ? int{exit_internal} : run.record().code;
    if (was_stopped(run)) stopped = true, own = exit_done;
    if (own == exit_done || own == code) continue;
    const bool milder = own == exit_low_confidence;
    code = code == exit_done || code == exit_low_confidence ? own : milder ? code : int{exit_bad_data};
  }
  return stopped && (code == exit_done || code == exit_low_confidence || stop_requested()) ? int{exit_stopped}
                                                                                           : code;
}

}  // namespace

int run_participants(const cohort_arguments& a, const std::vector<scan_files>& scans) {
  const console out(a.level_of_messages());
  require_creatable_folder(a.output);
  require_free_results(a, scans);
  make_derivatives(a.output);
  std::vector<scan_files> left;
  std::copy_if(scans.begin(), scans.end(), std::back_inserter(left),
               [&](const scan_files& s) { return !a.skip_existing || !is_finished(a.output, s); });
  install_stop_signals();
  const int at_once = fits_at_once(a, left, out);
  std::vector<scan_run> runs;
  for (const scan_files& s : scans) runs.emplace_back(a, s);
  std::vector<child_chain> chains;
  int ended = 0;
  for (std::size_t i = 0; i < runs.size(); ++i)
    chains.emplace_back([&, i](const child_end* last) {
      const auto command = runs[i].next(last);
      if (runs[i].over())
        out.note(fmt::format("{} of {}: {}", ++ended, runs.size(), progress_of(scans[i], runs[i].record())));
      return command;
    });
  constexpr double patience = 30;  // seconds for a fit of an earlier call to stop
  stopwatch watch;
  double waited = 0;
  const bool all = run_chains(chains, at_once, [&](std::size_t i) {
    waited += watch.lap();
    return waited > patience || is_free(a.output / scans[i].folder());
  });
  std::string text;
  std::map<std::string, int> count;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const scan_record& r = runs[i].record();
    const bool good = runs[i].over() && has_all_results(r.code);
    ++count[good ? "done" : was_stopped(runs[i]) ? "not finished" : "failed"];
    if (runs[i].over() && (!good || !r.not_scored.empty()))
      text += fmt::format("{:<20} {:>3}  {}\n", scans[i].name(), r.code, good ? r.not_scored : r.reason);
  }
  text += fmt::format("scans {}: {} done, {} failed, {} not finished\n", runs.size(), count["done"],
                      count["failed"], count["not finished"]);
  print_result(text);
  return common_code(runs, !all);
}

}  // namespace diffam::program
