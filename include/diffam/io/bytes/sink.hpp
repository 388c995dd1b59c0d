// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Writes bytes to an atomic file, with gzip compression if wanted. Equal bytes give equal files: the gzip
// header has no time and no name.
#pragma once

#include <zlib.h>

#include <vector>

#include "diffam/io/atomic_file.hpp"

namespace diffam::io {

/// `level`: zlib's compression level, 1 to 9. `start`: bytes before the data, which are not compressed.
class byte_sink {
 public:
  byte_sink(const path& target, bool gzip, int level = 6, std::string_view start = {})
      : file_(target), gzip_(gzip) {
    file_.write(start);
    if (!gzip_) return;
    output_.resize(1 << 16);
    if (deflateInit2(&stream_, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
      throw error(detail::about(target, "zlib") + "cannot be initialised", error_kind::internal);
  }
  byte_sink(const byte_sink&) = delete;
  byte_sink& operator=(const byte_sink&) = delete;
  ~byte_sink() {
    if (gzip_) deflateEnd(&stream_);
  }

  void write(const void* from, std::size_t count) {
    if (!gzip_) return file_.write(from, count);
    const auto* next = static_cast<const unsigned char*>(from);
    while (count > 0) {
      const std::size_t n = count < (1u << 30) ? count : (1u << 30);
      stream_.next_in = const_cast<unsigned char*>(next);  // zlib's pointer is not const, but zlib only reads
      stream_.avail_in = static_cast<unsigned>(n);
      while (stream_.avail_in > 0) run(Z_NO_FLUSH);
      next += n;
      count -= n;
    }
  }

  /// Ends the compressed stream and gives the file its name.
  void commit() {
    if (gzip_) {
      stream_.avail_in = 0;
      while (run(Z_FINISH) != Z_STREAM_END) {
      }
    }
    file_.commit();
  }

 private:
  int run(int flush) {
    stream_.next_out = output_.data();
    stream_.avail_out = static_cast<unsigned>(output_.size());
    const int status = deflate(&stream_, flush);
    if (status != Z_OK && status != Z_STREAM_END) throw error("zlib: cannot compress", error_kind::internal);
    file_.write(output_.data(), output_.size() - stream_.avail_out);
    return status;
  }

  atomic_file file_;
  std::vector<unsigned char> output_;
  bool gzip_;
  z_stream stream_{};
};

}  // namespace diffam::io
