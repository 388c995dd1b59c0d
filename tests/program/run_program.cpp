// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Runs the program with fork and exec; files take its output.
#include "run_program.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

namespace fs = std::filesystem;

namespace diffam::test {

namespace {

struct child {
  pid_t pid;
  fs::path out, err;
};

child start(const scratch_folder& scratch, const std::vector<std::string>& arguments) {
  const child c{0, scratch / "stdout", scratch / "stderr"};
  std::vector<std::string> words{DIFFAM_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& w : words) argv.push_back(w.data());
  argv.push_back(nullptr);
  const pid_t pid = fork();
  REQUIRE(pid >= 0);
  if (pid == 0) {
    const int out = open(c.out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const int err = open(c.err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    execv(DIFFAM_PROGRAM, argv.data());
    _exit(127);
  }
  return {pid, c.out, c.err};
}

outcome finish(const child& c) {
  int status = 0;
  REQUIRE(waitpid(c.pid, &status, 0) == c.pid);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return {code, read_file(c.out), read_file(c.err)};
}

}  // namespace

scratch_folder::scratch_folder() {
  std::string name = (fs::temp_directory_path() / "diffam-test-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  path_ = name;
}

scratch_folder::~scratch_folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

outcome run(const std::vector<std::string>& arguments) {
  const scratch_folder scratch;
  return finish(start(scratch, arguments));
}

outcome run_and_signal(const std::vector<std::string>& arguments, const std::string& text, int signal) {
  const scratch_folder scratch;
  const child c = start(scratch, arguments);
  for (int wait = 0; wait < 60000 && read_file(c.err).find(text) == std::string::npos; ++wait)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  kill(c.pid, signal);
  return finish(c);
}

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}

void write_file(const fs::path& file, const std::string& contents) {
  std::ofstream out(file, std::ios::binary);
  out << contents;
}

std::map<std::string, std::string> files_below(const fs::path& folder) {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) all[fs::relative(entry.path(), folder).string()] = read_file(entry.path());
  return all;
}

void require_refused(const outcome& o, int code, const std::string& phrase) {
  INFO("stdout: " << o.out << "\nstderr: " << o.err);
  CHECK(o.code == code);
  CHECK(o.out.empty());
  CHECK(std::count(o.err.begin(), o.err.end(), '\n') == 1);
  CHECK(o.err.find("diffam: error: ") == 0);
  CHECK(o.err.find(phrase) != std::string::npos);
}

}  // namespace diffam::test
