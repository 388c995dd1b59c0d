// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads the bytes of a file in order, and decompresses a gzip file (RFC 1952) on the way, or a gzip or zlib
// stream (RFC 1950) that begins within a file. It decompresses only as many bytes as the caller asks for.
// Several gzip members are read as their concatenation.
#pragma once

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <vector>

#include "diffam/io/input_file.hpp"

namespace diffam::io {

/// Throws `error`: missing_input where the file cannot be read, bad_data where its contents are damaged.
class byte_source {
 public:
  /// The largest expansion of a deflate stream (zlib's documentation: 1032 : 1).
  static constexpr index_t max_expansion = 1032;

  /// `as_stored`: the bytes of a gzip file are not decompressed.
  explicit byte_source(const path& file, bool as_stored = false) : file_(file), input_(1 << 16) {
    refill();
    if (!as_stored && input_end_ >= 2 && input_[0] == 0x1f && input_[1] == 0x8b) start_inflate();
  }
  byte_source(const byte_source&) = delete;
  byte_source& operator=(const byte_source&) = delete;
  ~byte_source() {
    if (gzip_) inflateEnd(&stream_);
  }

  /// The rest of a plain file is a gzip or zlib stream: what follows is read decompressed.
  void decompress_rest() {
    if (available() == 0) bad_data(name(), "compressed data", "a gzip or zlib stream", "the end of the file");
    if (!gzip_) start_inflate();
  }

  const path& name() const { return file_.name(); }
  bool compressed() const { return gzip_; }

  index_t file_size() const { return file_.size(); }  // bytes as stored

  /// Upper bound of the number of decompressed bytes.
  index_t max_size() const {
    return gzip_ && file_.size() < std::numeric_limits<index_t>::max() / max_expansion
               ? file_.size() * max_expansion
               : file_.size();
  }

  /// Reads up to `count` bytes; fewer only at the end of the file.
  std::size_t read(void* to, std::size_t count) {
    auto* out = static_cast<unsigned char*>(to);
    std::size_t done = 0;
    while (done < count) {
      const std::size_t n =
          gzip_ ? inflate_some(out + done, count - done) : copy_some(out + done, count - done);
      if (n == 0) break;
      done += n;
    }
    position_ += done;
    return done;
  }

  /// Reads exactly `count` bytes, or throws `error` (bad_data) that names `field`.
  void read_exactly(void* to, std::size_t count, std::string_view field) {
    const std::size_t n = read(to, count);
    if (n != count)
      bad_data(name(), field, "bytes up to " + detail::text(position_ - n + count),
               "the end of the file at " + detail::text(position_));
  }

  /// Reads `count` bytes and drops them.
  void skip(index_t count, std::string_view field) {
    std::vector<unsigned char> scratch(static_cast<std::size_t>(std::min<index_t>(count, 1 << 16)));
    for (index_t left = count; left > 0;) {
      const std::size_t n = static_cast<std::size_t>(std::min<index_t>(left, 1 << 16));
      read_exactly(scratch.data(), n, field);
      left -= static_cast<index_t>(n);
    }
  }

  /// To be called after the last expected byte. Checks that no data follows and that the checksum of the gzip
  /// member is right. Zeros after the last member (padding) give a warning; other bytes throw `error`
  /// (bad_data).
  void finish(warning_list& warnings) {
    unsigned char extra = 0;
    if (read(&extra, 1) != 0)
      bad_data(name(), "data", "the end of the file where the header's size ends", "more data");
    if (padding_ > 0)
      warnings.push_back(detail::about(name(), "end") + detail::text(padding_) +
                         " zero bytes follow the compressed data; ignored");
  }

 private:
  void start_inflate() {
    if (inflateInit2(&stream_, 15 + 32) != Z_OK)  // 32: the kind of stream is told by its first bytes
      throw error(detail::about(name(), "zlib") + "cannot be initialised", error_kind::internal);
    gzip_ = true;
  }
  void refill() {
    input_next_ = 0;
    input_end_ = file_.read(input_.data(), input_.size());
  }
  std::size_t available() {
    if (input_next_ == input_end_) refill();
    return input_end_ - input_next_;
  }
  std::size_t copy_some(unsigned char* to, std::size_t count) {
    const std::size_t n = std::min(available(), count);
    std::memcpy(to, input_.data() + input_next_, n);
    input_next_ += n;
    return n;
  }

  std::size_t inflate_some(unsigned char* to, std::size_t count) {
    while (true) {
      if (member_done_ && !next_member()) return 0;
      if (available() == 0) bad_data(name(), "compressed data", "a whole gzip file", "one that is cut off");
      stream_.next_in = input_.data() + input_next_;
      stream_.avail_in = static_cast<unsigned>(input_end_ - input_next_);
      stream_.next_out = to;
      stream_.avail_out = static_cast<unsigned>(std::min<std::size_t>(count, 1u << 30));
      const unsigned asked = stream_.avail_out;
      const int status = inflate(&stream_, Z_NO_FLUSH);
      input_next_ = input_end_ - stream_.avail_in;
      if (status == Z_STREAM_END)
        member_done_ = true;
      else if (status != Z_OK && status != Z_BUF_ERROR)
        bad_data(name(), "compressed data", "a sound gzip file",
                 stream_.msg != nullptr ? stream_.msg : "damaged data");
      if (const std::size_t n = asked - stream_.avail_out; n > 0) return n;
    }
  }

  /// At the end of a gzip member: starts the next one and returns true, or returns false at the end of the
  /// file.
  bool next_member() {
    if (available() == 0) return false;
    if (input_[input_next_] == 0) {
      for (; available() > 0; ++input_next_, ++padding_)
        if (input_[input_next_] != 0) garbage();
      return false;
    }
    if (input_[input_next_] != 0x1f) garbage();
    if (inflateReset(&stream_) != Z_OK) throw error("zlib: cannot be reset", error_kind::internal);
    member_done_ = false;
    return true;
  }
  [[noreturn]] void garbage() {
    bad_data(name(), "end", "nothing after the compressed data", "bytes that are no gzip member");
  }

  input_file file_;
  std::vector<unsigned char> input_;
  std::size_t input_next_ = 0, input_end_ = 0;
  std::size_t position_ = 0;  // position of the next decompressed byte
  index_t padding_ = 0;
  bool gzip_ = false;
  bool member_done_ = false;
  z_stream stream_{};
};

}  // namespace diffam::io
