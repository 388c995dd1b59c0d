// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What can be said to the program.
#pragma once

#include <functional>

namespace diffam::program {

/// The command that a command line asks for; it returns the exit code, or throws `error`. Where help was
/// asked for it has been printed. Throws `error` (usage) for what is no command.
std::function<int()> read_command_line(int argc, char** argv);

}  // namespace diffam::program
