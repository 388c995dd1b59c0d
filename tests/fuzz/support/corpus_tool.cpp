// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// fuzz_corpus unpack CORPUS FOLDER    writes each input of a corpus to a file of its own, as libFuzzer wants
// them fuzz_corpus pack FOLDER             prints the files of a folder as lines of a corpus, short ones
// first
#include <cstdio>
#include <iterator>

#include "fuzz/support/corpus.hpp"

namespace {

void unpack(const std::filesystem::path& corpus, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  std::size_t number = 0;
  for (const std::string& input : diffam::fuzz::read_corpus(corpus)) {
    std::ofstream out(folder / ("tree-" + std::to_string(number++)), std::ios::binary);
    out.write(input.data(), static_cast<std::streamsize>(input.size()));
  }
}

void pack(const std::filesystem::path& folder) {
  std::vector<std::string> lines;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string input(std::istreambuf_iterator<char>(in), {});
    lines.push_back(diffam::fuzz::escaped(input));
  }
  std::sort(lines.begin(), lines.end(),
            [](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
  for (const auto& line : lines) std::puts(line.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  const std::string job = argc > 1 ? argv[1] : "";
  if (job == "unpack" && argc == 4) return unpack(argv[2], argv[3]), 0;
  if (job == "pack" && argc == 3) return pack(argv[2]), 0;
  std::fputs("usage: fuzz_corpus unpack CORPUS FOLDER | fuzz_corpus pack FOLDER\n", stderr);
  return 2;
}
