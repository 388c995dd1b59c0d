// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads /proc/self/status.
#include "process_memory.hpp"

#include <fstream>
#include <string>

namespace diffam::program {

index_t most_memory_so_far() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    index_t kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

}  // namespace diffam::program
