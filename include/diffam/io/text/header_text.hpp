// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Text at the start of a file of voxels: its lines, its lists of numbers, and the file that it names.
#pragma once

#include <array>

#include "diffam/core/vec.hpp"
#include "diffam/io/bytes/source.hpp"
#include "diffam/io/text/scan.hpp"

namespace diffam::io::detail {

/// Reads the lines of a text that voxels may follow. Throws `error` (bad_data) after 1 MiB of text.
class header_lines {
 public:
  explicit header_lines(byte_source& in) : in_(in) {}

  /// The next line without its end (LF or CR LF); false at the end of the file.
  bool next(std::string& line) {
    line.clear();
    char c = 0;
    while (in_.read(&c, 1) == 1) {
      if (++bytes_ > (1 << 20)) bad_data(in_.name(), "header", "at most 1 MiB of text", "a longer one");
      if (c == '\n') {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        return true;
      }
      line += c;
    }
    return !line.empty();
  }

 private:
  byte_source& in_;
  index_t bytes_ = 0;
};

/// All words of `s` as numbers; throws `error` (bad_data) where one is no number, or where there are not
/// `count` of them.
template <class T>
std::vector<T> numbers_of(std::string_view s, std::size_t count, const path& file, std::string_view field) {
  std::vector<T> out;
  const std::string_view all = trimmed(s);
  for (std::string_view word = take_word(s); !word.empty(); word = take_word(s)) {
    const auto value = parse_number<T>(word);
    if (!value || out.size() == count) bad_data(file, field, text(count) + " numbers", in_quotes(all));
    out.push_back(*value);
  }
  if (out.size() != count) bad_data(file, field, text(count) + " numbers", in_quotes(all));
  return out;
}

/// Throws `error` (bad_data) where an axis is not positive or the number of voxels overflows.
inline vec<index_t, 3> checked_size(const std::array<index_t, 3>& n, const path& file,
                                    std::string_view field) {
  index_t voxels = 1;
  for (const index_t length : n) {
    if (length <= 0) bad_data(file, field, "positive lengths", text(length));
    if (length > std::numeric_limits<index_t>::max() / 16384 / voxels)
      bad_data(file, field, "a volume that memory can hold", "one whose size overflows");
    voxels *= length;
  }
  return {n[0], n[1], n[2]};
}

/// The file of voxels that a header names: relative to the header's folder.
inline path data_file_of(const path& header, std::string_view name, std::string_view field) {
  const bool several = name.find('%') != std::string_view::npos || name.find(' ') != std::string_view::npos ||
                       name.starts_with("LIST");
  std::error_code unreadable;  // where a folder cannot be searched, opening the file tells why
  const bool there = std::filesystem::exists(header.parent_path() / path(name), unreadable);
  if (several && !there && unreadable != std::errc::permission_denied)
    bad_data(header, field, "one file of voxels",
             in_quotes(name) + ", which names several: save it as one file");
  return header.parent_path() / path(name);
}

/// Throws `error` (bad_data) where `in` cannot hold the voxels, before anything is read or allocated.
inline void require_room(const byte_source& in, index_t bytes, bool compressed) {
  const index_t most = compressed && in.file_size() < std::numeric_limits<index_t>::max() / 2048
                           ? in.file_size() * byte_source::max_expansion
                           : in.max_size();
  if (bytes > most)
    bad_data(in.name(), "data", text(bytes) + " bytes of voxels",
             "a file that cannot hold them (" + bytes_text(most) + " at most)");
}

}  // namespace diffam::io::detail
