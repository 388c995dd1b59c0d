// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A corpus is a text file with one input a line, so that it can be read and reviewed. Printable characters
// stand for themselves; a backslash is \\, a line end is \n, a zero byte is \0, other
// bytes are \xHH. Lines that start with #
// are comments.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace diffam::fuzz {

inline std::string escaped(std::string_view input) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char c : input) {
    const auto b = static_cast<unsigned char>(c);
    const bool comment = out.empty() && c == '#';
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n' || c == '\0') {
      out += c == '\n' ? "\\n" : "\\0";
    } else if (b >= 0x20 && b < 0x7f && !comment) {
      out += c;
    } else {
      out += "\\x";
      out += digits[b >> 4];
      out += digits[b & 15];
    }
  }
  return out;
}

inline std::string unescaped(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\') {
      out += line[i];
      continue;
    }
    const char kind = ++i < line.size() ? line[i] : '\0';
    if (kind == 'x' && i + 2 < line.size()) {
      out += static_cast<char>(std::stoi(std::string(line.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else if (kind == 'n' || kind == '0' || kind == '\\') {
      out += kind == 'n' ? '\n' : kind == '0' ? '\0' : '\\';
    } else {
      throw std::runtime_error("corpus: expected \\\\, \\n, \\0 or \\xHH, found another escape in " +
                               std::string(line));
    }
  }
  return out;
}

/// The inputs of a corpus file. Throws std::runtime_error where it cannot be read or has no input.
inline std::vector<std::string> read_corpus(const std::filesystem::path& file) {
  std::vector<std::string> inputs;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (!line.starts_with('#')) inputs.push_back(unescaped(line));
  if (inputs.empty()) throw std::runtime_error(file.string() + ": expected inputs, found none");
  return inputs;
}

}  // namespace diffam::fuzz
