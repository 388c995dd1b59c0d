// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The exit codes of the program (those of sysexits.h where one fits), and the code of each kind of error.
// Codes 104 and 130 to 145 are not used: workflow engines take them for a failed machine, and run the job
// again.
#pragma once

#include "diffam/core/error.hpp"

namespace diffam::program {

enum exit_code : int {
  exit_done = 0,
  exit_usage = 2,           // the command line is wrong
  exit_low_confidence = 3,  // all is written, and a vertebra is below --fail-below
  exit_bad_data = 65,       // the contents of an input are wrong
  exit_missing_input = 66,  // an input does not exist or is not readable
  exit_no_device = 69,      // the requested device does not exist
  exit_internal = 70,       // a defect of diffam, or out of memory
  exit_cannot_create = 73,  // an output cannot be created or exists already
  exit_write_failed = 74,   // an output was not written completely
  exit_stopped = 75         // stopped by a signal; a fit that had begun wrote a checkpoint
};

constexpr exit_code exit_code_of(error_kind kind) {
  switch (kind) {
    case error_kind::usage:
      return exit_usage;
    case error_kind::bad_data:
      return exit_bad_data;
    case error_kind::missing_input:
      return exit_missing_input;
    case error_kind::no_device:
      return exit_no_device;
    case error_kind::cannot_create:
      return exit_cannot_create;
    case error_kind::write_failed:
      return exit_write_failed;
    case error_kind::internal:
      break;
  }
  return exit_internal;
}

}  // namespace diffam::program
