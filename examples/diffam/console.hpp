// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What the program says on stderr. Results go to stdout, and only results.
#pragma once

#include <string>
#include <vector>

namespace diffam::program {

enum class verbosity { quiet, normal, verbose };

class console {
 public:
  explicit console(verbosity v = verbosity::normal) : verbosity_(v) {}

  bool quiet() const { return verbosity_ == verbosity::quiet; }
  bool verbose() const { return verbosity_ == verbosity::verbose; }

  void note(const std::string& message) const;    // normal
  void detail(const std::string& message) const;  // verbose only
  void warn(const std::string& message) const;    // normal: about an input or a result, not fatal
  void warn(const std::vector<std::string>& messages) const;

  /// One line, in colour where that is wanted; printed even when quiet.
  static void fail(const std::string& message);

  /// stderr is a terminal that moves its cursor.
  static bool interactive();
  /// The same, and NO_COLOR (https://no-color.org) is not set.
  static bool coloured();

 private:
  verbosity verbosity_;
};

/// Text with line breaks and control characters replaced: names of files come from outside.
std::string one_line(const std::string& text);

/// Prints to stdout, and throws `error` (write_failed) where that fails.
void print_result(const std::string& text);

}  // namespace diffam::program
