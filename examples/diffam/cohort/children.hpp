// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Runs commands of this program as processes of their own, several at the same time.
#pragma once

#include <functional>
#include <optional>

#include "cohort/arguments.hpp"
#include "diffam/core/config.hpp"

namespace diffam::program {

/// A command of this program.
struct child_command {
  std::vector<std::string> arguments;  // "fit", "-i", ...
  std::filesystem::path log;           // takes its output, after what the file has already
};

/// How a process ended.
struct child_end {
  int code = 0;  // of a process that a signal ended: 128 + its number
  double seconds = 0;
  index_t peak_bytes = 0;  // the most memory that it had at once

  /// "ended by signal 9 (Killed)"; empty where it ended by itself.
  std::string signal_text() const;
};

/// Commands that follow each other. Each call returns the next one, or nothing at the end; `last` is the end
/// of the one before, and null at first.
using child_chain = std::function<std::optional<child_command>(const child_end* last)>;

/// Runs all chains, `at_once` of them at the same time, in their order. A chain whose `may_start` is false is
/// tried again later. When this process is asked to stop, so are the children, and no further chain starts. A
/// child whose parent dies is asked to stop as well. Returns whether all chains came to their end.
/// Throws `error` (internal) where no process can be started.
bool run_chains(const std::vector<child_chain>& chains, int at_once,
                const std::function<bool(std::size_t chain)>& may_start);

}  // namespace diffam::program
