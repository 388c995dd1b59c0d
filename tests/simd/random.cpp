// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Random words of several indices at once are the words of one index at a time.
#include "diffam/simd/random.hpp"

#include "support/catch.hpp"

using namespace diffam;

TEMPLATE_TEST_CASE_SIG("a block of random words equals the words computed one by one", "[core][random]",
                       ((int Count), Count), 1, 4, 8, 16) {
  const std::uint64_t seed = 0x9876543210fedcbaull, iteration = 0x123456789abcull;
  for (const std::uint64_t first : {std::uint64_t{0}, (std::uint64_t{1} << 32) - 3, ~std::uint64_t{0} - 20}) {
    const random_word_block<Count> block(seed, random_stream::test, iteration, first);
    for (int l = 0; l < Count; ++l) {
      const auto one = random_words(seed, random_stream::test, iteration, first + static_cast<unsigned>(l));
      for (int k = 0; k < 4; ++k) REQUIRE(block.at[k][l] == one[k]);
    }
  }
}
