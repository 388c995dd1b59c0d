// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A request to stop: SIGTERM, SIGUSR1 (what batch systems send before a job's time is up) and SIGINT.
#pragma once

namespace diffam::program {

/// From here on those signals only set a flag. A second SIGINT ends the program at once.
void install_stop_signals();

bool stop_requested();

/// The signal that asked, as text ("SIGTERM").
const char* stop_signal_name();

}  // namespace diffam::program
