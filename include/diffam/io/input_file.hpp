// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Opens regular files for reading. It refuses folders, pipes, devices and empty files, and never waits for
// them. POSIX only.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "diffam/core/config.hpp"
#include "diffam/io/message.hpp"

namespace diffam::io {

/// Throws `error`: missing_input where the file cannot be read, bad_data where it is empty.
class input_file {
 public:
  explicit input_file(const path& file) : path_(file) {
    // Without O_NONBLOCK, open would wait forever for a writer of a pipe.
    descriptor_ = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor_ < 0) missing(std::strerror(errno));
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) missing(std::strerror(errno));
    if (S_ISDIR(status.st_mode)) refuse("a folder");
    if (S_ISFIFO(status.st_mode)) refuse("a pipe");
    if (!S_ISREG(status.st_mode)) refuse("a device or a socket");
    size_ = static_cast<index_t>(status.st_size);
    if (size_ == 0) {
      close();
      bad_data(path_, "size", "a file with contents", "an empty file");
    }
  }
  input_file(input_file&& other) noexcept
      : path_(std::move(other.path_)),
        descriptor_(std::exchange(other.descriptor_, -1)),
        size_(other.size_) {}
  input_file& operator=(input_file&&) = delete;
  ~input_file() { close(); }

  const path& name() const { return path_; }
  index_t size() const { return size_; }  // bytes, at the time of opening

  /// The next byte to be read.
  void seek(index_t position) {
    if (::lseek(descriptor_, static_cast<off_t>(position), SEEK_SET) < 0) missing(std::strerror(errno));
  }

  /// Reads up to `count` bytes; returns 0 at the end of the file.
  std::size_t read(void* to, std::size_t count) {
    std::size_t done = 0;
    while (done < count) {
      const ssize_t n = ::read(descriptor_, static_cast<char*>(to) + done, count - done);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) missing(std::strerror(errno));
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    return done;
  }

 private:
  void close() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }
  [[noreturn]] void missing(const std::string& why) {
    close();
    throw error(detail::about(path_, "cannot be read") + why, error_kind::missing_input);
  }
  [[noreturn]] void refuse(const std::string& what) {
    close();
    throw error(detail::about(path_, "kind") + "expected a regular file, found " + what,
                error_kind::missing_input);
  }

  path path_;
  int descriptor_ = -1;
  index_t size_ = 0;
};

/// The contents of a regular file. Throws `error` (bad_data) before it reads a file of more than `max_bytes`
/// bytes.
inline std::string read_file_bounded(const path& file, index_t max_bytes) {
  input_file in(file);
  if (in.size() > max_bytes)
    bad_data(file, "size", "at most " + detail::bytes_text(max_bytes), detail::bytes_text(in.size()));
  std::string contents(static_cast<std::size_t>(in.size()), '\0');
  contents.resize(in.read(contents.data(), contents.size()));
  return contents;
}

}  // namespace diffam::io
