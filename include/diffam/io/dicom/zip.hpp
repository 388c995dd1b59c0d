// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads the files of a zip archive one by one (PKWARE, APPNOTE.TXT 6.3): stored or deflated, without zip64
// and without encryption.
#pragma once

#include <zlib.h>

#include "diffam/io/input_file.hpp"

namespace diffam::io::detail {

class zip_archive {
 public:
  struct entry {
    std::string name;
    index_t offset = 0, packed = 0, size = 0;  // of its local header; bytes stored; bytes
    unsigned method = 0;                       // 0 stored, 8 deflated
    unsigned long crc = 0;
  };

  /// Reads the list of files. Throws `error`: missing_input, bad_data.
  explicit zip_archive(const path& file) : file_(file), in_(file) {
    const std::string tail = bytes_at(std::max<index_t>(0, in_.size() - 65557), 65557);
    const std::size_t end = tail.rfind("PK\5\6");
    if (end == std::string::npos || tail.size() - end < 22)
      damaged("a zip archive", "one without its directory");
    const index_t count = number(tail, end + 10, 2), size = number(tail, end + 12, 4),
                  start = number(tail, end + 16, 4);
    if (count == 0xffff || start == 0xffffffff)
      damaged("a zip archive of less than 4 GB", "a zip64 archive: unpack it");
    const std::string list = bytes_at(start, size);
    std::size_t at = 0;
    for (index_t k = 0; k < count; ++k) {
      if (list.size() < at + 46 || list.compare(at, 4, "PK\1\2") != 0)
        damaged("a sound directory", "a damaged one");
      const auto field = [&](std::size_t offset, int width) { return number(list, at + offset, width); };
      const auto length = static_cast<std::size_t>(field(28, 2));
      if (list.size() < at + 46 + length) damaged("a sound directory", "a damaged one");
      entry e{list.substr(at + 46, length),
              field(42, 4),
              field(20, 4),
              field(24, 4),
              static_cast<unsigned>(field(10, 2)),
              static_cast<unsigned long>(field(16, 4))};
      if ((field(8, 2) & 1) != 0) damaged("files without a password", "an encrypted one");
      at += 46 + length + static_cast<std::size_t>(field(30, 2) + field(32, 2));
      if (!e.name.ends_with("/") && e.size > 0) entries_.push_back(std::move(e));
    }
  }

  const std::vector<entry>& entries() const { return entries_; }

  /// The bytes of a file. Throws `error` (bad_data) where they are damaged.
  std::string read(const entry& e) {
    if (e.method != 0 && e.method != 8)
      damaged("stored or deflated files", "method " + text(e.method) + " of " + in_quotes(e.name));
    if (e.packed > in_.size() || e.size > std::max<index_t>(e.packed, 1) * 1032 ||
        e.size > (index_t{1} << 31) - 1)
      damaged("a sound size of " + in_quotes(e.name), bytes_text(e.size) + " from " + bytes_text(e.packed));
    const std::string local = bytes_at(e.offset, 30);
    if (local.size() < 30 || !local.starts_with("PK\3\4"))
      damaged("the file " + in_quotes(e.name), "no such file");
    std::string packed = bytes_at(e.offset + 30 + number(local, 26, 2) + number(local, 28, 2), e.packed);
    std::string out;
    if (e.method == 0) {
      out = std::move(packed);
    } else {
      out.resize(static_cast<std::size_t>(e.size));
      inflate_into(out, packed);
    }
    if (static_cast<index_t>(out.size()) != e.size ||
        crc32(0, reinterpret_cast<const Bytef*>(out.data()), static_cast<uInt>(out.size())) != e.crc)
      damaged("the file " + in_quotes(e.name), "damaged data");
    return out;
  }

 private:
  [[noreturn]] void damaged(std::string_view expected, std::string_view found) const {
    bad_data(file_, "zip", expected, found);
  }
  static index_t number(std::string_view bytes, std::size_t at, int width) {
    index_t value = 0;
    for (int k = width - 1; k >= 0; --k)
      value = value * 256 + static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(k)]);
    return value;
  }
  std::string bytes_at(index_t offset, index_t count) {
    if (offset > in_.size()) return {};
    std::string out(static_cast<std::size_t>(std::min(count, in_.size() - offset)), '\0');
    in_.seek(offset);
    out.resize(in_.read(out.data(), out.size()));
    return out;
  }
  void inflate_into(std::string& out, std::string& packed) {
    z_stream z{};
    if (inflateInit2(&z, -15) != Z_OK) throw error("zlib: cannot be initialised", error_kind::internal);
    z.next_in = reinterpret_cast<Bytef*>(packed.data());
    z.avail_in = static_cast<uInt>(packed.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    const int status = inflate(&z, Z_FINISH);
    out.resize(out.size() - z.avail_out);
    inflateEnd(&z);
    if (status != Z_STREAM_END) out.clear();
  }

  path file_;
  input_file in_;
  std::vector<entry> entries_;
};

}  // namespace diffam::io::detail
