// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads the command line of the program.
#pragma once

#include <functional>

namespace diffam::program {

/// Returns the requested command as a function, which returns the exit code or throws `error`. Help and
/// version are printed here. Throws `error` (usage) where the command line is wrong.
std::function<int()> read_command_line(int argc, char** argv);

}  // namespace diffam::program
