// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Starts processes and waits for them. Not posix_spawn: only between fork and exec a child can ask for a
// signal at its parent's death, without which the fits of a killed cohort would run on.
#include "cohort/children.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <deque>
#include <thread>

#include "diffam/core/error.hpp"
#include "diffam/io/atomic_file.hpp"
#include "signals.hpp"
#include "stopwatch.hpp"

namespace diffam::program {

namespace {

struct running_child {
  std::size_t chain;
  pid_t pid;
  stopwatch watch;
};

[[noreturn]] void cannot_start() {
  throw error(std::string("cohort: cannot start a process: ") + std::strerror(errno), error_kind::internal);
}

/// Starts a command. In the child nothing is allocated before exec.
pid_t start(const child_command& command) {
  std::vector<std::string> words{"diffam"};
  words.insert(words.end(), command.arguments.begin(), command.arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int log = ::open(command.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (log < 0)
    throw error(command.log.string() + ": cannot be created: " + std::strerror(errno),
                error_kind::cannot_create);
  static_cast<void>(::fallocate(log, FALLOC_FL_KEEP_SIZE, 0, 4096));  // room to say that the disk is full
  const pid_t parent = getpid(), pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(75);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    execv("/proc/self/exe", argv.data());
    _exit(127);
  }
  const int problem = errno;
  ::close(log);
  errno = problem;
  if (pid < 0) cannot_start();
  return pid;
}

/// How a child ended; nothing where it runs.
std::optional<child_end> end_of(running_child& child) {
  int status = 0;
  struct rusage used {};
  const pid_t pid = wait4(child.pid, &status, WNOHANG, &used);
  if (pid == 0 || (pid < 0 && errno == EINTR)) return std::nullopt;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return child_end{code, child.watch.lap(), index_t{used.ru_maxrss} * 1024};
}

}  // namespace

std::string child_end::signal_text() const {
  return code <= 128 ? "" : fmt::format("ended by signal {} ({})", code - 128, strsignal(code - 128));
}

bool run_chains(const std::vector<child_chain>& chains, int at_once,
                const std::function<bool(std::size_t chain)>& may_start) {
  std::vector<running_child> running;
  std::deque<std::size_t> waiting;
  for (std::size_t i = 0; i < chains.size(); ++i) waiting.push_back(i);
  const auto go_on = [&](std::size_t chain, const child_end* last) {
    if (const auto command = chains[chain](last)) running.push_back({chain, start(*command), {}});
  };
  bool told = false;
  while (!running.empty() || !(waiting.empty() || stop_requested())) {
    if (stop_requested() && !std::exchange(told, true))
      for (const auto& child : running) kill(child.pid, SIGTERM);
    const std::size_t before = running.size();
    for (std::size_t tries = waiting.size(); tries > 0 && std::ssize(running) < at_once && !stop_requested();
         --tries) {
      const std::size_t chain = waiting.front();
      waiting.pop_front();
      if (may_start(chain))
        go_on(chain, nullptr);
      else
        waiting.push_back(chain);
    }
    bool ended = running.size() != before;
    for (std::size_t i = 0; i < running.size(); ++i) {
      const auto end = end_of(running[i]);
      if (!end) continue;
      const std::size_t chain = running[i].chain;
      running.erase(running.begin() + static_cast<std::ptrdiff_t>(i--));
      go_on(chain, &*end);
      ended = true;
    }
    if (!ended) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return waiting.empty() && !stop_requested();
}

}  // namespace diffam::program
