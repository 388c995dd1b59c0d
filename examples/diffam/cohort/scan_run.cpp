// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
// Runs `diffam fit` and `diffam eval` on a scan.
#include "cohort/scan_run.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "cohort/results.hpp"
#include "diffam/core/error.hpp"
#include "exit_codes.hpp"
#include "output_files.hpp"
#include "owned_folder.hpp"

namespace fs = std::filesystem;

namespace diffam::program {

bool has_all_results(int code) {
  return code == exit_done || code == exit_low_confidence;
}

std::vector<std::string> fit_command(const cohort_arguments& a, const scan_files& scan) {
  std::vector<std::string> words{"fit", "-q", "-i", scan.ct.string()};
  const auto sets_threads = [](const std::string& word) { return word.starts_with("--threads"); };
  if (std::none_of(a.fit_options.begin(), a.fit_options.end(), sets_threads))
    words.insert(words.end(), {"--threads", "1"});
  if (!scan.centres.empty()) words.insert(words.end(), {"-c", scan.centres.string()});
  words.insert(words.end(), {"-o", (a.output / scan.folder()).string()});
  words.emplace_back("--overwrite");  // what a fit left that could not finish
  if (!a.overwrite) words.emplace_back("--resume");
  if (a.fail_below) words.insert(words.end(), {"--fail-below", fmt::format("{}", *a.fail_below)});
  words.insert(words.end(), a.fit_options.begin(), a.fit_options.end());
  return words;
}

std::optional<child_command> scan_run::next(const child_end* last) {
  if (last == nullptr) return first();
  record_.peak_bytes = std::max(record_.peak_bytes, last->peak_bytes);
  record_.seconds += last->seconds;
  if (scoring_) {
    if (last->code != exit_done) record_.not_scored = reason_of(*last);
    return end();
  }
  if (last->code == exit_usage) throw error(reason_of(*last));  // would hold for every scan
  record_.code = last->code;
  if (has_all_results(last->code)) return scoring();
  record_.reason = last->code == exit_stopped ? "stopped by a signal" : reason_of(*last);
  if (last->code == exit_write_failed) remove_part();
  return end();
}

void scan_run::remove_part() const {
  const fs::path folder = a_.output / scan_.folder();
  const fs::path checkpoint = fit_files(folder, case_name(scan_.ct), {}).checkpoint;
  std::error_code ignored;
  for (const fs::path& file : owned_folder(folder, "fit").earlier())
    if (file != checkpoint) fs::remove(file, ignored);
}

std::optional<child_command> scan_run::first() {
  std::error_code ignored;
  if (a_.skip_existing && is_finished(a_.output, scan_)) {
    record_ = read_record(a_.output, scan_);
    record_.reason.clear();  // a fit that was killed after its last file has one
    const bool low = a_.fail_below && read_result(a_.output, scan_).lowest_confidence() < *a_.fail_below;
    record_.code = low ? exit_low_confidence : exit_done;
    return scoring();
  }
  for (const fs::path& old : {log(), a_.output / scan_.record(), scores()}) fs::remove(old, ignored);
  return child_command{fit_command(a_, scan_), log()};
}

std::optional<child_command> scan_run::scoring() {
  std::error_code ignored;
  if (scan_.truth.empty() || fs::exists(scores(), ignored)) return end();
  scoring_ = true;
  record_.not_scored.clear();
  return child_command{{"eval", "-p", (a_.output / scan_.result("_seg-vert_msk.nii.gz")).string(), "-g",
                        scan_.truth.string(), "--json", scores().string(), "--threads", "1"},
                       log()};
}

std::optional<child_command> scan_run::end() {
  over_ = true;
  try {
    write_record(a_.output, scan_, record_);
  } catch (const error& e) {  // of this scan alone: there may be room for the next one
    if (has_all_results(record_.code)) record_.code = exit_code_of(e.kind()), record_.reason = e.what();
  }
  return std::nullopt;
}

std::string scan_run::reason_of(const child_end& last) const {
  const std::string said = last.signal_text().empty() ? last_error(log()) : last.signal_text();
  if (!said.empty()) return said;
  if (last.code == exit_write_failed) return "an output was not written, and there was no room to say why";
  return fmt::format("ended with code {} without a message", last.code);
}

}  // namespace diffam::program
