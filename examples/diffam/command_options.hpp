// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The options of each command, for the command line. Each function adds a command to `app`; when that command
// is given, `chosen` becomes the function that runs it.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

namespace diffam::program {

using action = std::function<int()>;

void add_measure_command(CLI::App& app, action& chosen);
void add_phantom_command(CLI::App& app, action& chosen);
void add_template_command(CLI::App& app, action& chosen);

/// The corresponding check of CLI11 also names the largest 64-bit number in its message.
inline CLI::Validator not_negative() {
  return {[](std::string& text) {
            return text.starts_with('-') ? "expected 0 or more, got " + text : std::string();
          },
          "NONNEGATIVE"};
}

}  // namespace diffam::program
