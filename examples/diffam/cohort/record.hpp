// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What is known of a scan's run: its state by the files that are there, and the record of its last run.
#pragma once

#include "cohort/children.hpp"
#include "cohort/scans.hpp"

namespace diffam::program {

enum class scan_state { done, failed, not_finished, not_run };

const char* state_name(scan_state s);

/// The record of a scan's last run, in logs/NAME.json.
struct scan_record {
  int code = 0;            // of `diffam fit`
  std::string reason;      // of a failure, one line
  std::string not_scored;  // why there are no scores although there is a truth
  double seconds = 0;
  index_t peak_bytes = 0;
  bool recorded = false;  // a run has ended, and its record could be written
};

/// Whether all results of the scan's fit are in `output`, and no fit has been stopped since.
bool is_finished(const std::filesystem::path& output, const scan_files& scan);

/// By the files in `output` alone, also while other processes write there.
scan_state state_of(const std::filesystem::path& output, const scan_files& scan);

/// Throws `error` (cannot_create, write_failed).
void write_record(const std::filesystem::path& output, const scan_files& scan, const scan_record& record);

/// The scans that have a record. Throws `error` (missing_input) where there is none.
std::vector<scan_files> recorded_scans(const std::filesystem::path& output);

/// Where there is none, as after a kill or on a full disk, or a damaged one: the last error of the log alone.
scan_record read_record(const std::filesystem::path& output, const scan_files& scan);

/// The last error in a log, without "diffam: error: "; empty where there is none.
std::string last_error(const std::filesystem::path& log);

}  // namespace diffam::program
