// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Reads the files of a zip archive one by one (PKWARE, APPNOTE.TXT 6.3): stored or deflated, of any size
// (zip64), without encryption.
#pragma once

#include <cstdint>

#include "diffam/io/bytes/inflate.hpp"
#include "diffam/io/input_file.hpp"

namespace diffam::io::detail {

inline constexpr index_t most_files = 200000;  // in a folder or an archive

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
    const directory d = find_directory();
    if (d.count > most_files || d.size > most_files * 512)
      damaged("at most " + text(most_files) + " files", text(d.count));
    const std::string list = bytes_at(d.start, d.size);
    std::size_t at = 0;
    for (index_t k = 0; k < d.count; ++k) {
      if (list.size() < at + 46 || list.compare(at, 4, "PK\1\2") != 0)
        damaged("a sound directory", "a damaged one");
      const auto field = [&](std::size_t offset, int width) { return number(list, at + offset, width); };
      const auto name = static_cast<std::size_t>(field(28, 2)),
                 extra = static_cast<std::size_t>(field(30, 2)),
                 comment = static_cast<std::size_t>(field(32, 2));
      if (list.size() < at + 46 + name + extra) damaged("a sound directory", "a damaged one");
      entry e{list.substr(at + 46, name),
              field(42, 4),
              field(20, 4),
              field(24, 4),
              static_cast<unsigned>(field(10, 2)),
              static_cast<unsigned long>(field(16, 4))};
      if ((field(8, 2) & 1) != 0) damaged("files without a password", "an encrypted one");
      read_long_numbers(std::string_view(list).substr(at + 46 + name, extra), e);
      at += 46 + name + extra + comment;
      if (!e.name.ends_with("/") && e.size > 0) entries_.push_back(std::move(e));
    }
  }

  const std::vector<entry>& entries() const { return entries_; }

  /// The bytes of a file; where it has more than `most`, the first ones, and perhaps fewer. Throws `error`
  /// (bad_data) where they are damaged.
  std::string read(const entry& e, index_t most = std::numeric_limits<index_t>::max()) {
    if (e.method != 0 && e.method != 8)
      damaged("stored or deflated files", "method " + text(e.method) + " of " + in_quotes(e.name));
    if (e.packed > in_.size() || e.size > std::max<index_t>(e.packed, 1) * 1032 ||
        e.size > (index_t{1} << 31) - 1)
      damaged("a sound size of " + in_quotes(e.name), bytes_text(e.size) + " from " + bytes_text(e.packed));
    const std::string local = bytes_at(e.offset, 30);
    if (local.size() < 30 || !local.starts_with("PK\3\4"))
      damaged("the file " + in_quotes(e.name), "no such file");
    const bool part = most < e.size;
    // Deflated bytes are never much more than those that they stand for.
    const index_t packed_bytes = part ? std::min(e.packed, most + most / 64 + 1024) : e.packed;
    std::string packed = bytes_at(e.offset + 30 + number(local, 26, 2) + number(local, 28, 2), packed_bytes),
                out;
    bool sound = true;
    if (e.method == 0) {
      out = std::move(packed);
    } else {
      out.reserve(static_cast<std::size_t>(std::min(e.size, most)));
      sound = inflate_raw(packed, out, static_cast<std::size_t>(std::min(e.size, most)), part);
    }
    if (!part)
      sound = sound && static_cast<index_t>(out.size()) == e.size &&
              crc32(0, reinterpret_cast<const Bytef*>(out.data()), static_cast<uInt>(out.size())) == e.crc;
    if (!sound) damaged("the file " + in_quotes(e.name), "damaged data");
    return out;
  }

 private:
  [[noreturn]] void damaged(std::string_view expected, std::string_view found) const {
    bad_data(file_, "zip", expected, found);
  }
  /// A little-endian number; those above 2^62, which no archive has, as 2^62.
  static index_t number(std::string_view bytes, std::size_t at, int width) {
    std::uint64_t value = 0;
    for (int k = width - 1; k >= 0; --k)
      value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(k)]);
    return static_cast<index_t>(std::min(value, std::uint64_t{1} << 62));
  }

  struct directory {
    index_t count = 0, size = 0, start = 0;  // files; bytes; position
  };
  /// The place of the list of files: from the last record of the archive, or from that of zip64, to which a
  /// locator in front of the last record points.
  directory find_directory() {
    const index_t tail_start = std::max<index_t>(0, in_.size() - 65557 - 20);
    const std::string tail = bytes_at(tail_start, 65557 + 20);
    const std::size_t end = tail.rfind("PK\5\6");
    if (end == std::string::npos || tail.size() - end < 22)
      damaged("a zip archive", "one without its directory");
    const directory d{number(tail, end + 10, 2), number(tail, end + 12, 4), number(tail, end + 16, 4)};
    if (d.count != 0xffff && d.size != 0xffffffff && d.start != 0xffffffff) return d;
    if (end < 20 || tail.compare(end - 20, 4, "PK\6\7") != 0) return d;
    const std::string record = bytes_at(number(tail, end - 20 + 8, 8), 56);
    if (record.size() < 56 || !record.starts_with("PK\6\6"))
      damaged("a zip64 archive", "one without its directory");
    return {number(record, 32, 8), number(record, 40, 8), number(record, 48, 8)};
  }
  /// Takes numbers that are too long for 32 bits from the field 1 of `extra` (zip64): size, packed size,
  /// offset.
  static void read_long_numbers(std::string_view extra, entry& e) {
    while (extra.size() >= 4) {
      const index_t id = number(extra, 0, 2);
      const auto length = static_cast<std::size_t>(number(extra, 2, 2));
      std::string_view body = extra.substr(4, length);
      for (index_t* const to : {&e.size, &e.packed, &e.offset}) {
        if (id != 1 || *to != 0xffffffff || body.size() < 8) continue;
        *to = number(body, 0, 8);
        body.remove_prefix(8);
      }
      extra.remove_prefix(std::min(extra.size(), 4 + length));
    }
  }
  std::string bytes_at(index_t offset, index_t count) {
    if (offset > in_.size()) return {};
    std::string out(static_cast<std::size_t>(std::min(count, in_.size() - offset)), '\0');
    in_.seek(offset);
    out.resize(in_.read(out.data(), out.size()));
    return out;
  }
  path file_;
  input_file in_;
  std::vector<entry> entries_;
};

}  // namespace diffam::io::detail
