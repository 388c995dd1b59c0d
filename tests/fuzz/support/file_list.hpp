// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// An input that is a folder: for each file a byte for its name, two for its length (little-endian), and its
// contents.
#pragma once

#include <algorithm>

#include "fuzz/support/input.hpp"

namespace diffam::fuzz {

/// Writes the files of an input to a new folder of this name. The highest bits of a name's byte are not used.
inline std::filesystem::path put_files(const std::string& name, std::span<const char* const, 8> file_names,
                                       bytes input) {
  const auto where = folder() / name;
  std::filesystem::remove_all(where);
  std::filesystem::create_directories(where);
  while (!input.empty()) {
    const std::string file = name + "/" + file_names[take_byte(input) & 7];
    const unsigned low = take_byte(input), high = take_byte(input);
    const std::size_t length = std::min<std::size_t>(low + 256 * high, input.size());
    std::filesystem::create_directories((folder() / file).parent_path());
    file_of(file, input.first(length));
    input = input.subspan(length);
  }
  return where;
}

}  // namespace diffam::fuzz
