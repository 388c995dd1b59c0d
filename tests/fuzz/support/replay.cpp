// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Runs a fuzz target over a corpus without libFuzzer: every input, and every input cut off at up to 32
// lengths.
#include <cstdio>

#include "fuzz/support/corpus.hpp"
#include "fuzz/support/input.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return std::fputs("usage: replay_TARGET CORPUS\n", stderr), 2;
  std::size_t runs = 0;
  const auto run = [&](std::string_view input) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
    ++runs;
  };
  const auto inputs = diffam::fuzz::read_corpus(argv[1]);
  for (const std::string& input : inputs) {
    run(input);
    const std::size_t step = input.size() / 32 + 1;
    for (std::size_t length = 0; length < input.size(); length += step)
      run(std::string_view(input).substr(0, length));
  }
  std::printf("%zu inputs, %zu runs\n", inputs.size(), runs);
}
