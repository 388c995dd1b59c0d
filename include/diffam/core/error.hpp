// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The only exception type. Messages have the form *where: expected ..., got ...*. Only set-up code throws;
// iterations never do.
#pragma once

#include <stdexcept>
#include <string>

namespace diffam {

/// The kind of an error. A program maps it to its exit code.
enum class error_kind {
  usage,          ///< a wrong argument or shape: the caller's code or command line
  bad_data,       ///< an input was read, and its content is wrong
  missing_input,  ///< an input does not exist or is not readable
  no_device,      ///< the requested device is missing or not usable
  cannot_create,  ///< an output cannot be created
  write_failed,   ///< an output was not written completely (disk full)
  internal        ///< a defect of diffam
};

/// The exception of diffam: a message and its kind.
class error : public std::runtime_error {
 public:
  explicit error(const std::string& message, error_kind kind = error_kind::usage)
      : std::runtime_error(message), kind_(kind) {}

  error_kind kind() const noexcept { return kind_; }

 private:
  error_kind kind_;
};

/// Throws `error` with `message` if `condition` is false. For set-up code only. The caller builds the message
/// even if nothing is thrown: use `if (...) throw error(...)` if this takes time.
inline void require(bool condition, const char* message, error_kind kind = error_kind::usage) {
  if (!condition) throw error(message, kind);
}

}  // namespace diffam
