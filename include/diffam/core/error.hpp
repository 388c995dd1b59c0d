// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The one exception type of set-up code: *where: expected ..., got ...*. Iterations never throw.
#pragma once

#include <stdexcept>
#include <string>

namespace diffam {

/// What went wrong, in the terms a caller acts on; a program maps it to its exit code.
enum class error_kind {
  usage,          ///< a wrong argument or shape: the caller's code or command line
  bad_data,       ///< an input was read and is not what it should be
  missing_input,  ///< an input is not there, or not readable
  no_device,      ///< the device that was asked for is not there
  cannot_create,  ///< an output cannot be created
  write_failed,   ///< an output was begun and could not be finished (disk full)
  internal        ///< a defect of diffam
};

class error : public std::runtime_error {
 public:
  explicit error(const std::string& message, error_kind kind = error_kind::usage)
      : std::runtime_error(message), kind_(kind) {}

  error_kind kind() const noexcept { return kind_; }

 private:
  error_kind kind_;
};

/// Throws `error` with `message` where `condition` does not hold. For set-up code only. The message is built
/// by the caller: use it where that costs nothing, `if (...) throw error(...)` elsewhere.
inline void require(bool condition, const char* message, error_kind kind = error_kind::usage) {
  if (!condition) throw error(message, kind);
}

}  // namespace diffam
