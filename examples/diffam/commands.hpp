// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The subcommands. Each `add_` function declares one, and sets what runs when it is called.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace diffam::program {

/// What the command line chose; returns the exit code, or throws `error`.
using action = std::function<int()>;

void add_fit_command(CLI::App& app, action& chosen);
void add_eval_command(CLI::App& app, action& chosen);
void add_phantom_command(CLI::App& app, action& chosen);
void add_info_command(CLI::App& app, action& chosen);
void add_template_command(CLI::App& app, action& chosen);

}  // namespace diffam::program
