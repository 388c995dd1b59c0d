// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The exit codes of the program (those of sysexits.h where one fits), and what maps to them. None is 104 or
// 130 to 145: workflow engines take those for a machine that failed, and run the job again.
#pragma once

#include "diffam/core/error.hpp"

namespace diffam::program {

enum exit_code : int {
  exit_done = 0,
  exit_usage = 2,           // the command line is wrong
  exit_bad_data = 65,       // an input is not what it should be
  exit_missing_input = 66,  // an input is not there, or not readable
  exit_no_device = 69,      // the device that was asked for is not there
  exit_internal = 70,       // a defect of diffam, or no memory
  exit_cannot_create = 73,  // an output cannot be created, or is there already
  exit_write_failed = 74,   // an output was begun and could not be finished
  exit_stopped = 75         // stopped by a signal; a checkpoint was written
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
