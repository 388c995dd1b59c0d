// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Signal handlers that set a flag, or end the program.
#include "signals.hpp"

#include <unistd.h>

#include <csignal>

#include "exit_codes.hpp"

namespace diffam::program {

namespace {

volatile std::sig_atomic_t received = 0;

extern "C" void remember(int signal) {
  received = signal;
}

extern "C" void leave(int) {  // only what POSIX allows in a signal handler
  constexpr char message[] = "diffam: stopped by a signal before any output\n";
  [[maybe_unused]] const auto written = write(STDERR_FILENO, message, sizeof message - 1);
  _exit(exit_stopped);
}

void install(int signal, void (*handler)(int), int flags) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

}  // namespace

void exit_on_stop_signals() {
  for (const int signal : {SIGTERM, SIGUSR1, SIGINT}) install(signal, leave, SA_RESTART);
}

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
