// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
// SC 2011). A number is a pure function of (seed, stream, iteration, index). All threads and policies thus
// draw the same samples.
#pragma once

#include <cmath>

#include "diffam/core/vec.hpp"

namespace diffam {

/// Counter (input and output) and key of Philox4x32.
using philox_counter = vec<std::uint32_t, 4>;
using philox_key = vec<std::uint32_t, 2>;

namespace detail {

/// The high and the low word of a product of two words.
template <class Word>
struct wide_product {
  Word high, low;
};
DIFFAM_HOST_DEVICE constexpr wide_product<std::uint32_t> multiply(std::uint32_t a, std::uint32_t b) {
  const std::uint64_t product = std::uint64_t{a} * b;
  return {static_cast<std::uint32_t>(product >> 32), static_cast<std::uint32_t>(product)};
}

/// Applies the ten rounds to `c`.
template <class Word>  // std::uint32_t, or a SIMD vector of them (simd/random.hpp)
DIFFAM_HOST_DEVICE constexpr void philox_rounds(vec<Word, 4>& c, philox_key k) {
  for (int round = 0; round < 10; ++round) {
    const wide_product<Word> a = multiply(c[0], 0xD2511F53u), b = multiply(c[2], 0xCD9E8D57u);
    c = {b.high ^ c[1] ^ k[0], b.low, a.high ^ c[3] ^ k[1], a.low};
    k[0] += 0x9E3779B9u;
    k[1] += 0xBB67AE85u;
  }
}

}  // namespace detail

/// Philox4x32 with ten rounds.
DIFFAM_HOST_DEVICE constexpr philox_counter philox4x32(philox_counter c, philox_key k) {
  detail::philox_rounds(c, k);
  return c;
}

/// Separates the uses of one seed. Every new use takes a new number.
enum class random_stream : std::uint32_t {
  area_samples = 1,    // points near a surface (image loss, fit of a connectivity)
  normal_samples = 2,  // points on the surface (normal loss)
  weights = 3,         // initial weights of the renderer
  fourier = 4,         // Fourier frequencies of the renderer
  phantom = 5,         // generated CT
  test = 6,            // tests and benchmarks
  synthesis = 7,       // images from a fit
  user = 1u << 16      // first number for streams of users
};

/// The two words of a seed.
DIFFAM_HOST_DEVICE constexpr philox_key philox_key_of(std::uint64_t seed) {
  return {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
}

/// The four random words of a stream at (iteration, index).
DIFFAM_HOST_DEVICE constexpr philox_counter random_words(std::uint64_t seed, random_stream stream,
                                                         std::uint64_t iteration, std::uint64_t index) {
  const philox_counter counter{static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32),
                               static_cast<std::uint32_t>(iteration), static_cast<std::uint32_t>(stream)};
  return philox4x32(counter, philox_key_of(seed));
}

/// Maps a word to the open interval (0, 1): the 23 high bits (float) or all 32 bits (double), plus one half.
template <class T>
DIFFAM_HOST_DEVICE constexpr T unit_interval(std::uint32_t word) {
  if constexpr (sizeof(T) == 4)
    return (static_cast<T>(word >> 9) + T(0.5)) * T(1.0 / 8388608.0);
  else
    return (static_cast<T>(word) + T(0.5)) * T(1.0 / 4294967296.0);
}

/// Two independent standard normal numbers from two uniform ones (Box and Muller 1958).
template <class T>
DIFFAM_INLINE vec<T, 2> box_muller(const T& u, const T& v) {
  using std::cos;
  using std::log;
  using std::sin;
  using std::sqrt;
  const T radius = sqrt(T(-2) * log(u));
  const T angle = T(6.283185307179586476925286766559) * v;
  return {radius * cos(angle), radius * sin(angle)};
}

}  // namespace diffam
