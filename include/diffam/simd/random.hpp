// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Random words of several indices at once, the same words as of one index at a time (core/random.hpp). They
// are computed in SIMD vectors with gcc and AVX2. On other targets products of 64 bits are slower in vectors
// than one by one, and clang vectorises the loop by itself.
#pragma once

#include "diffam/core/random.hpp"
#include "diffam/simd/lanes.hpp"

#if defined(__AVX2__) && defined(__GNUC__) && !defined(__clang__) && !defined(__CUDACC__)
#define DIFFAM_WORD_LANES 1
#else
#define DIFFAM_WORD_LANES 0
#endif

namespace diffam {

#if DIFFAM_WORD_LANES
namespace detail {

/// Words in the lower halves of numbers of 64 bits; the upper halves may hold anything.
template <int Count>
struct word_lanes {
  typedef std::uint64_t part __attribute__((vector_size(32)));
  static constexpr int width = 4, parts = Count / width;
  part v[parts];

  friend DIFFAM_INLINE word_lanes operator^(const word_lanes& a, const word_lanes& b) {
    word_lanes r;
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) r.v[i] = a.v[i] ^ b.v[i];
    return r;
  }
  friend DIFFAM_INLINE word_lanes operator^(const word_lanes& a, std::uint32_t b) {
    word_lanes r;
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) r.v[i] = a.v[i] ^ b;
    return r;
  }
  DIFFAM_INLINE word_lanes upper_halves() const {
    word_lanes r;
    DIFFAM_UNROLL for (int i = 0; i < parts; ++i) r.v[i] = v[i] >> 32;
    return r;
  }
  DIFFAM_INLINE void store(std::uint32_t* to) const {
    typedef std::uint32_t words __attribute__((vector_size(16)));
    for (int i = 0; i < parts; ++i) {
      const words low = __builtin_convertvector(v[i], words);
      std::memcpy(to + i * width, &low, sizeof low);
    }
  }
};

/// gcc 12 uses the operation that multiplies 32 bits by 32 bits only where it is named.
template <int Count>
DIFFAM_INLINE wide_product<word_lanes<Count>> multiply(const word_lanes<Count>& a, std::uint32_t b) {
  typedef int halves __attribute__((vector_size(32)));
  using part = typename word_lanes<Count>::part;
  const auto factor = reinterpret_cast<halves>(part{} + b);
  word_lanes<Count> product;
  DIFFAM_UNROLL for (int i = 0; i < word_lanes<Count>::parts; ++i) product.v[i] =
      reinterpret_cast<part>(__builtin_ia32_pmuludq256(reinterpret_cast<halves>(a.v[i]), factor));
  return {product.upper_halves(), product};
}

}  // namespace detail
#endif

/// Random words number (iteration, first), (iteration, first + 1) ... of a stream.
template <int Count>
struct random_word_block {
  std::uint32_t at[4][Count];

  DIFFAM_HOST_DEVICE random_word_block(std::uint64_t seed, random_stream stream, std::uint64_t iteration,
                                       std::uint64_t first) {
#if DIFFAM_WORD_LANES
    if constexpr (Count % 4 == 0) {
      using words = detail::word_lanes<Count>;
      const typename words::part none{};
      vec<words, 4> c;
      for (int i = 0; i < words::parts; ++i) {
        c[0].v[i] = typename words::part{0, 1, 2, 3} + (first + static_cast<std::uint64_t>(i * words::width));
        c[2].v[i] = none + static_cast<std::uint32_t>(iteration);
        c[3].v[i] = none + static_cast<std::uint32_t>(stream);
      }
      c[1] = c[0].upper_halves();
      detail::philox_rounds(c, philox_key_of(seed));
      for (int k = 0; k < 4; ++k) c[k].store(at[k]);
      return;
    }
#endif
    for (int l = 0; l < Count; ++l) {
      const philox_counter words =
          random_words(seed, stream, iteration, first + static_cast<std::uint64_t>(l));
      for (int k = 0; k < 4; ++k) at[k][l] = words[k];
    }
  }
};

}  // namespace diffam
