// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The program `diffam`: vertebra segmentation in CT without training.
#include <csignal>
#include <new>

#include "command_line.hpp"
#include "console.hpp"
#include "diffam/core/error.hpp"
#include "exit_codes.hpp"

int main(int argc, char** argv) {
  using namespace diffam;
  using namespace diffam::program;
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe then shows as a failed write
  try {
    return read_command_line(argc, argv)();
  } catch (const error& e) {
    console::fail(e.what());
    return exit_code_of(e.kind());
  } catch (const std::bad_alloc&) {
    console::fail("out of memory");
    return exit_internal;
  } catch (const std::exception& e) {
    console::fail(std::string("internal: ") + e.what());
    return exit_internal;
  }
}
