// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A temporary folder for the files of a test, and checks of errors and warnings.
#pragma once

#include <zlib.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "diffam/io/input_file.hpp"
#include "support/catch.hpp"

namespace diffam::test {

class scratch_folder {
 public:
  scratch_folder() {
    const io::path memory = "/dev/shm";  // in memory if possible: the tests write thousands of small files
    const bool usable = std::filesystem::is_directory(memory) && ::access(memory.c_str(), W_OK) == 0;
    std::string name =
        ((usable ? memory : std::filesystem::temp_directory_path()) / "diffam-io-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  ~scratch_folder() {
    std::error_code code;
    std::filesystem::remove_all(folder_, code);
  }
  io::path operator/(const std::string& name) const { return folder_ / name; }
  const io::path& path() const { return folder_; }

  /// Writes a file and returns its path.
  io::path put(const std::string& name, std::string_view contents) const {
    std::ofstream out(folder_ / name, std::ios::binary);
    out.write(contents.data(), static_cast<std::streamsize>(contents.size()));
    return folder_ / name;
  }
  int entries() const {
    return static_cast<int>(
        std::distance(std::filesystem::directory_iterator(folder_), std::filesystem::directory_iterator()));
  }

 private:
  io::path folder_;
};

inline std::string contents_of(const io::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Requires that `call` throws a one-line diffam::error of this kind that contains the phrase.
template <class Call>
void require_error(error_kind kind, const std::string& phrase, Call&& call) {
  std::string message;
  error_kind found = error_kind::internal;
  try {
    call();
  } catch (const error& e) {
    message = e.what();
    found = e.kind();
  }
  INFO("expected an error with \"" << phrase << "\", got \"" << message << "\"");
  REQUIRE(message.find(phrase) != std::string::npos);
  CHECK(found == kind);
  CHECK(message.find('\n') == std::string::npos);
}

/// Whether one of the warnings contains the phrase and is a single line.
inline bool has_warning(const io::warning_list& warnings, const std::string& phrase) {
  for (const auto& w : warnings)
    if (w.find(phrase) != std::string::npos) return w.find('\n') == std::string::npos;
  return false;
}

/// Compresses to one gzip member.
inline std::string gzipped(std::string_view s) {
  z_stream z{};
  REQUIRE(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&z, s.size()) + 32, '\0');
  std::string in(s);
  z.next_in = reinterpret_cast<Bytef*>(in.data());
  z.avail_in = static_cast<uInt>(in.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&z, Z_FINISH) == Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

/// Changes or cuts a few bytes; the same number gives the same damage.
inline std::string damaged(std::string s, std::uint64_t number, std::size_t header_bytes) {
  std::uint64_t state = number * 0x9e3779b97f4a7c15u + 1;
  const auto next = [&](std::size_t below) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return static_cast<std::size_t>(state % below);
  };
  const std::size_t changes = 1 + next(4);
  for (std::size_t k = 0; k < changes && !s.empty(); ++k) {
    const std::size_t range = next(4) != 0 && header_bytes < s.size() ? header_bytes : s.size();
    constexpr unsigned char likely[] = {0, 1, 0x7f, 0x80, 0xff, '-', '9', ' '};
    s[next(range)] = static_cast<char>(next(2) != 0 ? likely[next(8)] : next(256));
  }
  if (next(8) == 0) s.resize(next(s.size() + 1));
  return s;
}

}  // namespace diffam::test
