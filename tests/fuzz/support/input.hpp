// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// What all fuzz targets share. A target gives bytes to a reader as a file. A reader may refuse them with
// `diffam::error` and one line of text. Any other exception, a broken promise or a fault of memory is a find.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "diffam/core/error.hpp"

namespace diffam::fuzz {

using bytes = std::span<const std::uint8_t>;

/// Stops the process if a promise of a reader is broken.
inline void promise(bool kept, const char* what) {
  if (kept) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

/// Takes the first byte of an input, which selects a variant; 0 where there is none.
inline unsigned take_byte(bytes& input) {
  if (input.empty()) return 0;
  const unsigned first = input.front();
  input = input.subspan(1);
  return first;
}

/// A folder of this process, below the temporary folder (TMPDIR). It is removed at the end.
inline const std::filesystem::path& folder() {
  struct scratch {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("diffam_fuzz." + std::to_string(getpid()));
    scratch() { std::filesystem::create_directories(path); }
    ~scratch() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
  };
  static const scratch mine;
  return mine.path;
}

/// Writes the input to a file of this name in that folder. The name tells a reader the format.
inline std::filesystem::path file_of(const std::string& name, bytes input) {
  const std::filesystem::path file = folder() / name;
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(input.data()), static_cast<std::streamsize>(input.size()));
  return file;
}

/// The result of a reader; nothing where it refuses its input.
template <class Read>
auto attempt(Read read) -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (const error& e) {
    const std::string_view said = e.what();
    promise(!said.empty() && said.size() < 2000, "a message of at most 2000 bytes");
    promise(said.find_first_of("\n\r") == std::string_view::npos, "a message of one line");
    promise(e.kind() != error_kind::internal, "no internal error");
    return std::nullopt;
  }
}

}  // namespace diffam::fuzz

/// The entry that libFuzzer and the replay call.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
