// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Runs the built program as a user does, and returns its exit code and output.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace diffam::test {

/// A new folder that the destructor removes.
class scratch_folder {
 public:
  scratch_folder();
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  ~scratch_folder();

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

struct outcome {
  int code = -1;    // exit code, or 128 + signal
  std::string out;  // stdout
  std::string err;  // stderr
};

/// Runs the program to its end.
outcome run(const std::vector<std::string>& arguments);

/// Starts the program, waits until `text` is on its stderr, sends `signal`, and waits for the end.
outcome run_and_signal(const std::vector<std::string>& arguments, const std::string& text, int signal);

std::string read_file(const std::filesystem::path& file);
void write_file(const std::filesystem::path& file, const std::string& contents);

/// Relative names and contents of all files below a folder.
std::map<std::string, std::string> files_below(const std::filesystem::path& folder);

/// Checks the end of a refused run: this exit code, one line with `phrase` on stderr, nothing on stdout.
void require_refused(const outcome& o, int code, const std::string& phrase);

}  // namespace diffam::test
