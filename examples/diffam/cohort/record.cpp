// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads and writes the records of runs.
#include "cohort/record.hpp"

#include <algorithm>
#include <fstream>

#include "diffam/io/atomic_file.hpp"
#include "json_text.hpp"
#include "output_files.hpp"

namespace fs = std::filesystem;

namespace diffam::program {

namespace {

bool is_there(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored);
}

}  // namespace

const char* state_name(scan_state s) {
  switch (s) {
    case scan_state::done:
      return "done";
    case scan_state::failed:
      return "failed";
    case scan_state::not_finished:
      return "not finished";
    case scan_state::not_run:
      break;
  }
  return "not run";
}

bool is_finished(const fs::path& output, const scan_files& scan) {
  const fit_files files(output / scan.folder(), case_name(scan.ct), {});
  return is_there(files.report) && !is_there(files.checkpoint);
}

scan_state state_of(const fs::path& output, const scan_files& scan) {
  const fit_files files(output / scan.folder(), case_name(scan.ct), {});
  if (is_there(files.checkpoint)) return scan_state::not_finished;
  if (is_there(files.report)) return scan_state::done;
  if (is_there(output / scan.record())) return scan_state::failed;
  return is_there(output / scan.log()) ? scan_state::not_finished : scan_state::not_run;
}

void write_record(const fs::path& output, const scan_files& scan, const scan_record& record) {
  const json all{{"scan", scan.name()},
                 {"ct", fs::absolute(scan.ct).string()},
                 {"centres", scan.centres.string()},
                 {"truth", scan.truth.string()},
                 {"code", record.code},
                 {"reason", record.reason},
                 {"not_scored", record.not_scored},
                 {"seconds", record.seconds},
                 {"peak_bytes", record.peak_bytes}};
  io::write_file(output / scan.record(), json_text(all));
}

std::vector<scan_files> recorded_scans(const fs::path& output) {
  std::vector<scan_files> scans;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(output / "logs", ignored)) {
    if (entry.path().extension() != ".json") continue;
    const json all = read_json(entry.path());
    if (!all.is_object() || !all.contains("ct") || !all["ct"].is_string()) continue;
    scan_files& s = scans.emplace_back();
    s.ct = all["ct"].get<std::string>();
    name_by(s, entry.path().stem().string());
  }
  if (scans.empty())
    throw error(output.string() + ": expected results of diffam cohort, found none",
                error_kind::missing_input);
  std::sort(scans.begin(), scans.end(),
            [](const scan_files& x, const scan_files& y) { return x.name() < y.name(); });
  return scans;
}

scan_record read_record(const fs::path& output, const scan_files& scan) {
  const json all = read_json(output / scan.record());
  try {
    return {all.at("code").get<int>(),
            all.at("reason").get<std::string>(),
            all.at("not_scored").get<std::string>(),
            all.at("seconds").get<double>(),
            all.at("peak_bytes").get<index_t>(),
            true};
  } catch (const json::exception&) {
    scan_record none;
    none.reason = last_error(output / scan.log());
    return none;
  }
}

std::string last_error(const fs::path& log) {
  const std::string head = "diffam: error: ";
  std::ifstream in(log);
  std::string last;
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(head)) last = line.substr(head.size());
  return last;
}

}  // namespace diffam::program
