// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What fits will need: runs `diffam fit --dry-run`.
#include <fmt/core.h>
#include <unistd.h>

#include "cohort/machine.hpp"
#include "cohort/participant.hpp"
#include "cohort/scan_run.hpp"
#include "diffam/core/error.hpp"
#include "diffam/io/input_file.hpp"
#include "exit_codes.hpp"

namespace fs = std::filesystem;

namespace diffam::program {

namespace {

/// A folder for logs that is removed at the end.
class temporary_folder {
 public:
  temporary_folder() {
    std::string name = (fs::temp_directory_path() / "diffam-cohort-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw error(name + ": cannot be created", error_kind::cannot_create);
    path_ = name;
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  ~temporary_folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  fs::path log(std::size_t n) const { return path_ / std::to_string(n); }

 private:
  fs::path path_;
};

/// The megabytes in "memory      135 MB at most: ...".
index_t planned_bytes(const std::string& plan) {
  const std::size_t at = plan.find("memory ");
  return at == plan.npos ? 0 : std::atoll(plan.c_str() + at + 7) * 1000000;
}

}  // namespace

std::vector<index_t> memory_of(const cohort_arguments& a, const std::vector<scan_files>& scans, int at_once) {
  const temporary_folder logs;
  std::vector<index_t> bytes(scans.size());
  std::vector<child_chain> chains;
  for (std::size_t i = 0; i < scans.size(); ++i)
    chains.emplace_back([&, i](const child_end* last) -> std::optional<child_command> {
      if (last == nullptr) {
        std::vector<std::string> words = fit_command(a, scans[i]);
        words.emplace_back("--dry-run");
        return child_command{words, logs.log(i)};
      }
      if (last->code == exit_usage) throw error(last_error(logs.log(i)));
      if (last->code == exit_done) bytes[i] = planned_bytes(io::read_file_bounded(logs.log(i), 1 << 24));
      return std::nullopt;
    });
  run_chains(chains, at_once, [](std::size_t) { return true; });
  return bytes;
}

int plan_participants(const cohort_arguments& a, const std::vector<scan_files>& scans) {
  const auto bytes = memory_of(a, scans, a.jobs > 0 ? a.jobs : usable_cores());
  std::string text = "scan\tstate\tmemory_mb\tct\tcentres\ttruth\n";
  for (std::size_t i = 0; i < scans.size(); ++i)
    text += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\n", scans[i].name(), state_name(state_of(a.output, scans[i])),
                        bytes[i] > 0 ? std::to_string(bytes[i] / 1000000) : "unknown",
                        one_line(scans[i].ct.string()), one_line(scans[i].centres.string()),
                        one_line(scans[i].truth.string()));
  print_result(text);
  return exit_done;
}

}  // namespace diffam::program
