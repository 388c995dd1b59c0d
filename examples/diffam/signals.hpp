// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Requests to stop: SIGTERM, SIGUSR1 (batch systems send it before the time of a job is over) and SIGINT.
#pragma once

namespace diffam::program {

/// From this call on, the signals end the program at once, with exit code 75. For work before the first
/// output.
void exit_on_stop_signals();

/// From this call on, the signals only set a flag. A second SIGINT ends the program at once.
void install_stop_signals();

/// Whether one of the signals has arrived.
bool stop_requested();

/// The name of the signal that requested the stop ("SIGTERM").
const char* stop_signal_name();

}  // namespace diffam::program
