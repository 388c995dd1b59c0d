// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads /proc/meminfo and the limits of control groups (version 2).
#include "cohort/machine.hpp"

#include <sched.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

namespace diffam::program {

namespace {

/// The number in a file; -1 where there is none.
index_t number_in(const std::filesystem::path& file) {
  index_t number = -1;
  std::ifstream in(file);
  return in >> number ? number : -1;
}

}  // namespace

int usable_cores() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return std::max(1, CPU_COUNT(&set));
}

index_t available_memory() {
  index_t free = 0;
  std::ifstream info("/proc/meminfo");
  for (std::string word; info >> word;)
    if (index_t kilobytes = 0; word == "MemAvailable:" && info >> kilobytes) free = kilobytes * 1024;
  std::ifstream groups("/proc/self/cgroup");  // "0::/path"
  for (std::string line; std::getline(groups, line);) {
    if (!line.starts_with("0::/")) continue;
    for (std::filesystem::path group = line.substr(4);; group = group.parent_path()) {
      const std::filesystem::path folder = "/sys/fs/cgroup" / group;
      const index_t most = number_in(folder / "memory.max"), used = number_in(folder / "memory.current");
      if (most >= 0 && used >= 0) free = std::min(free, std::max(index_t{0}, most - used));
      if (group.empty()) break;
    }
  }
  return free;
}

}  // namespace diffam::program
