// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Messages on stderr, in colour on a terminal.
#include "console.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "diffam/core/error.hpp"
#include "diffam/io/message.hpp"

namespace diffam::program {

namespace {

void line(const char* colour, const char* head, const std::string& message) {
  const bool on = console::coloured();
  const std::string text =
      fmt::format("{}{}{}{}\n", on ? colour : "", head, on ? "\033[0m" : "", one_line(message));
  std::fwrite(text.data(), 1, text.size(), stderr);
}

bool set_and_not_empty(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

}  // namespace

std::string one_line(const std::string& text) {
  std::string out = text;
  for (char& c : out)
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return io::detail::printable(out, std::string::npos);
}

bool console::interactive() {
  const char* terminal = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && terminal != nullptr && std::strcmp(terminal, "dumb") != 0;
}

bool console::coloured() {
  return interactive() && !set_and_not_empty("NO_COLOR");
}

void console::note(const std::string& message) const {
  if (!quiet()) line("\033[36m", "diffam: ", message);
}

void console::detail(const std::string& message) const {
  if (verbose()) line("\033[2m", "diffam: ", message);
}

void console::warn(const std::string& message) const {
  const bool lost = message.find(io::no_result) != std::string::npos;
  if (!quiet() || lost) line("\033[33m", "diffam: warning: ", message);
}

void console::warn(const std::vector<std::string>& messages) const {
  for (const auto& m : messages) warn(m);
}

void console::fail(const std::string& message) {
  line("\033[31m", "diffam: error: ", message);
}

void print_result(const std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (!written || std::fflush(stdout) != 0)
    throw error(std::string("standard output: cannot write: ") + std::strerror(errno),
                error_kind::write_failed);
}

}  // namespace diffam::program
