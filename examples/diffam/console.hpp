// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Messages of the program on stderr. Results go to stdout, and nothing else does.
#pragma once

#include <string>
#include <vector>

namespace diffam::program {

enum class verbosity { quiet, normal, verbose };

/// Prints messages according to a verbosity.
class console {
 public:
  explicit console(verbosity v = verbosity::normal) : verbosity_(v) {}

  bool quiet() const { return verbosity_ == verbosity::quiet; }
  bool verbose() const { return verbosity_ == verbosity::verbose; }

  void note(const std::string& message) const;    // normal
  void detail(const std::string& message) const;  // verbose only
  /// Prints a problem of an input or a result that is not fatal: normal; always where it costs a vertebra
  /// (io::no_result).
  void warn(const std::string& message) const;
  void warn(const std::vector<std::string>& messages) const;

  /// Prints an error in one line, at every verbosity.
  static void fail(const std::string& message);

  /// Whether stderr is a terminal that can move its cursor.
  static bool interactive();
  /// Whether stderr is such a terminal and NO_COLOR (https://no-color.org) is not set.
  static bool coloured();

 private:
  verbosity verbosity_;
};

/// Replaces line breaks and control characters; file names may contain them.
std::string one_line(const std::string& text);

/// Prints to stdout. Throws `error` (write_failed) where that fails.
void print_result(const std::string& text);

}  // namespace diffam::program
