// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Decodes compressed pixels with GDCM in a process of its own: damaged pixels can end that process, not ours.
#pragma once

#include <fcntl.h>
#include <gdcmPixmapReader.h>
#include <gdcmTrace.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace diffam::io::detail {

/// How the decoded voxels are stored.
struct decoded_layout {
  std::uint64_t bytes = 0;  // 0: not decoded
  std::int32_t bits_allocated = 0, bits_stored = 0, high_bit = 0;
};

class gdcm_decoder {
 public:
  gdcm_decoder() = default;
  gdcm_decoder(const gdcm_decoder&) = delete;
  gdcm_decoder& operator=(const gdcm_decoder&) = delete;
  ~gdcm_decoder() { stop(); }

  /// Decodes a whole DICOM file in memory. Returns bytes == 0 where GDCM does not decode it, or more than
  /// `most` bytes.
  decoded_layout decode(const std::string& file, std::size_t most, std::vector<char>& voxels) {
    decoded_layout layout;
    voxels.clear();
    if (child_ < 0) start();
    const std::uint64_t size = file.size();
    const bool sound = child_ >= 0 && send_all(socket_, &size, sizeof size) &&
                       send_all(socket_, file.data(), file.size()) &&
                       receive_all(socket_, &layout, sizeof layout) && layout.bytes <= most;
    if (sound) voxels.resize(layout.bytes);
    if (sound && receive_all(socket_, voxels.data(), voxels.size())) return layout;
    stop();
    return {};
  }

 private:
  static bool send_all(int socket, const void* from, std::size_t count) {
    const char* next = static_cast<const char*>(from);
    while (count > 0) {
      const ssize_t n = ::send(socket, next, count, MSG_NOSIGNAL);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      next += n;
      count -= static_cast<std::size_t>(n);
    }
    return true;
  }
  static bool receive_all(int socket, void* to, std::size_t count) {
    char* next = static_cast<char*>(to);
    while (count > 0) {
      const ssize_t n = ::recv(socket, next, count, 0);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      next += n;
      count -= static_cast<std::size_t>(n);
    }
    return true;
  }

  void start() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return;
    child_ = ::fork();
    if (child_ == 0) {
      ::close(ends[0]);
      serve(ends[1]);
    }
    ::close(ends[1]);
    socket_ = ends[0];
    if (child_ < 0) ::close(std::exchange(socket_, -1));
  }
  void stop() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
      }
    }
    child_ = -1;
  }

  /// The other process: decodes one file after another until the socket closes.
  [[noreturn]] static void serve(int socket) {
    for (const int s : {SIGALRM, SIGABRT, SIGSEGV, SIGTERM, SIGINT, SIGUSR1}) ::signal(s, SIG_DFL);
    if (const int null = ::open("/dev/null", O_WRONLY); null >= 0) {
      ::dup2(null, 1);
      ::dup2(null, 2);
    }
    gdcm::Trace::DebugOff();
    gdcm::Trace::WarningOff();
    gdcm::Trace::ErrorOff();
    std::uint64_t size = 0;
    while (receive_all(socket, &size, sizeof size)) {
      std::string file(size, '\0');
      if (!receive_all(socket, file.data(), file.size())) break;
      ::alarm(600);  // no file takes so long
      decoded_layout layout;
      std::vector<char> voxels;
      try {
        std::istringstream in(std::move(file));
        gdcm::PixmapReader reader;
        reader.SetStream(in);
        if (reader.Read()) {
          const gdcm::Pixmap& image = reader.GetPixmap();
          voxels.resize(image.GetBufferLength());
          if (image.GetBuffer(voxels.data()))
            layout = {voxels.size(), image.GetPixelFormat().GetBitsAllocated(),
                      image.GetPixelFormat().GetBitsStored(), image.GetPixelFormat().GetHighBit()};
        }
      } catch (const std::exception&) {
        layout = {};
      }
      ::alarm(0);
      if (!send_all(socket, &layout, sizeof layout) || !send_all(socket, voxels.data(), layout.bytes)) break;
    }
    ::_exit(0);
  }

  int socket_ = -1;
  ::pid_t child_ = -1;
};

}  // namespace diffam::io::detail
