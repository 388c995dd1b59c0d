// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Writes output files atomically: an output is complete or absent. Writes a file without a name in the same
// folder (O_TMPFILE of Linux), which vanishes with the process, or else a temporary file; then calls fsync
// and gives it its name. POSIX only.
#pragma once

#include <atomic>
#include <chrono>
#include <span>

#include "diffam/io/input_file.hpp"

namespace diffam::io {

/// Throws `error` (cannot_create, write_failed) and then removes the temporary file.
class atomic_file {
 public:
  /// Begins to write `target`. An existing file of that name stays until `commit`.
  explicit atomic_file(const path& target) : target_(target) {
    struct stat status {};
    if (::stat(target.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
      throw error(detail::about(target, "cannot be created") + "something other than a file has this name",
                  error_kind::cannot_create);
    open_unnamed();
    for (int attempt = 0; attempt < 100 && descriptor_ < 0; ++attempt) {
      temporary_ = temporary_name();
      descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (descriptor_ < 0 && errno != EEXIST) break;
    }
    if (descriptor_ < 0)
      throw error(detail::about(target, "cannot be created") + std::strerror(errno),
                  out_of_space(errno) ? error_kind::write_failed : error_kind::cannot_create);
  }
  atomic_file(const atomic_file&) = delete;
  atomic_file& operator=(const atomic_file&) = delete;
  ~atomic_file() { discard(); }

  void write(const void* from, std::size_t count) {
    const char* next = static_cast<const char*>(from);
    while (count > 0) {
      const ssize_t n = ::write(descriptor_, next, count);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) fail(errno);
      next += n;
      count -= static_cast<std::size_t>(n);
    }
  }
  void write(std::string_view bytes) { write(bytes.data(), bytes.size()); }

  /// Makes the file durable and gives it its name. Without this call, the destructor removes the temporary
  /// file.
  void commit() {
    if (::fsync(descriptor_) != 0 && errno != EINVAL) fail(errno);
    if (temporary_.empty()) {  // a rename replaces a file; a link does not
      temporary_ = temporary_name();
      if (::linkat(AT_FDCWD, own_link().c_str(), AT_FDCWD, temporary_.c_str(), AT_SYMLINK_FOLLOW) != 0) {
        const int code = errno;
        temporary_.clear();
        fail(code);
      }
    }
    if (::close(std::exchange(descriptor_, -1)) != 0) fail(errno);
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
      const int code = errno;
      discard();
      throw error(detail::about(target_, "cannot be created") + std::strerror(code),
                  error_kind::cannot_create);
    }
    temporary_.clear();
    sync_folder();
  }

 private:
  /// Opens a file without a name, if the file system and the machine (/proc) can give it one later.
  void open_unnamed() {
#if defined(O_TMPFILE)
    const path folder = target_.has_parent_path() ? target_.parent_path() : path(".");
    descriptor_ = ::open(folder.c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
    if (descriptor_ >= 0 && ::access(own_link().c_str(), F_OK) != 0) ::close(std::exchange(descriptor_, -1));
#endif
  }
  std::string own_link() const {
    return "/proc/self/fd/" + detail::text(descriptor_);
  }
  path temporary_name() const {
    static std::atomic<unsigned> counter{0};
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    std::string name(1, '.');
    name += target_.filename().string().substr(0, 200) + "." + detail::text(::getpid()) + "-";
    name += detail::text(now % 1000000000) + "-" + detail::text(counter++) + ".tmp";
    return target_.parent_path() / name;
  }
  static bool out_of_space(int code) {
    return code == ENOSPC || code == EDQUOT;
  }
  void discard() noexcept {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
    temporary_.clear();
  }
  [[noreturn]] void fail(int code) {
    discard();
    throw error(detail::about(target_, "cannot be written") + std::strerror(code), error_kind::write_failed);
  }
  /// Makes the new name durable, too. File systems that cannot do this are not an error.
  void sync_folder() const noexcept {
    const path folder = target_.has_parent_path() ? target_.parent_path() : path(".");
    const int d = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (d < 0) return;
    ::fsync(d);
    ::close(d);
  }

  path target_, temporary_;
  int descriptor_ = -1;
};

/// Writes a whole file atomically.
inline void write_file(const path& target, std::string_view contents) {
  atomic_file out(target);
  out.write(contents);
  out.commit();
}

/// Creates a folder and its parents, and checks that files can be created in it. Throws `error`
/// (cannot_create).
inline void create_output_folder(const path& folder) {
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  std::error_code unreadable;  // a parent folder may deny access
  const bool there = std::filesystem::is_directory(folder, unreadable);
  if (!there || ::access(folder.c_str(), W_OK | X_OK) != 0)
    throw error(detail::about(folder, "cannot be created") +
                    (there ? std::strerror(errno) : (code ? code.message() : "not a folder")),
                error_kind::cannot_create);
}

/// Throws `error` (usage) where an output is one of the inputs, also under another name (symbolic or hard
/// link).
inline void require_not_an_input(const path& output, std::span<const path> inputs) {
  std::error_code code;
  for (const path& input : inputs)
    if (output == input || std::filesystem::equivalent(output, input, code))
      throw error(detail::about(output, "output") + "expected another file than the input, found the same",
                  error_kind::usage);
}

}  // namespace diffam::io
