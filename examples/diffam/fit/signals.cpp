// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Signal handlers that only set a flag.
#include "fit/signals.hpp"

#include <csignal>

namespace diffam::program {

namespace {

volatile std::sig_atomic_t received = 0;

extern "C" void remember(int signal) {
  received = signal;
}

void install(int signal, void (*handler)(int), int flags) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

}  // namespace

void install_stop_signals() {
  const int again = SA_RESTART;                                  // a read in progress continues
  const int once = static_cast<int>(SA_RESTART | SA_RESETHAND);  // the second SIGINT has its default effect
  install(SIGTERM, remember, again);
  install(SIGUSR1, remember, again);
  install(SIGINT, remember, once);
}

bool stop_requested() {
  return received != 0;
}

const char* stop_signal_name() {
  switch (received) {
    case SIGTERM:
      return "SIGTERM";
    case SIGUSR1:
      return "SIGUSR1";
    case SIGINT:
      return "SIGINT";
    default:
      return "no signal";
  }
}

}  // namespace diffam::program
