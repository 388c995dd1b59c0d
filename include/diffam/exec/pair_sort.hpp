// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Memory of a sort of (key, value) pairs, and the radix sort of the host policies (least significant digit
// first).
#pragma once

#include "diffam/core/arena.hpp"

namespace diffam::exec {

/// Input, output and scratch of `sort_pairs` for n pairs.
struct pair_sort {
  view<std::uint32_t> keys;          // n, any order
  view<stored_index> values;         // n
  view<std::uint32_t> sorted_keys;   // n, ascending; equal keys keep their order
  view<stored_index> sorted_values;  // n
  view<std::byte> scratch;           // E::sort_scratch(n)
};

/// Takes the memory for n pairs.
template <class E>
pair_sort plan_sort(arena& a, index_t n) {
  pair_sort s;
  s.keys = a.take<std::uint32_t>(n);
  s.values = a.take<stored_index>(n);
  s.sorted_keys = a.take<std::uint32_t>(n);
  s.sorted_values = a.take<stored_index>(n);
  s.scratch = a.take<std::byte>(E::sort_scratch(n));
  return s;
}

/// Number of bits that represent 0 ... n - 1, at most 32.
DIFFAM_HOST_DEVICE constexpr int bit_count(index_t n) {
  int bits = 0;
  while (bits < 32 && (index_t{1} << bits) < n) ++bits;
  return bits;
}

namespace detail {

inline constexpr int most_digit_bits = 12;  // two passes for the 24 bits of a Morton code

/// Bytes of scratch: a second buffer for keys and values, and the counts.
inline constexpr index_t radix_scratch(index_t n) {
  return (n + n + (index_t{1} << most_digit_bits)) * static_cast<index_t>(sizeof(std::uint32_t));
}

/// One stable pass by the digit of `bits` bits at `shift`. `count` has one element for each value of the
/// digit.
inline void radix_pass(index_t n, const std::uint32_t* keys, const stored_index* values,
                       std::uint32_t* to_keys, stored_index* to_values, std::uint32_t* count, int shift,
                       int bits) {
  const std::uint32_t mask = (1u << bits) - 1;
  for (std::uint32_t d = 0; d <= mask; ++d) count[d] = 0;
  for (index_t i = 0; i < n; ++i) ++count[keys[i] >> shift & mask];
  std::uint32_t first = 0;
  for (std::uint32_t d = 0; d <= mask; ++d) {
    const std::uint32_t here = count[d];
    count[d] = first;
    first += here;
  }
  for (index_t i = 0; i < n; ++i) {
    const std::uint32_t to = count[keys[i] >> shift & mask]++;
    to_keys[to] = keys[i];
    to_values[to] = values[i];
  }
}

/// Sorts by the lowest `bits` bits, digit by digit.
inline void radix_sort_pairs(const pair_sort& s, int bits) {
  const index_t n = s.keys.rows;
  const int passes = bits > 0 ? (bits + most_digit_bits - 1) / most_digit_bits : 1;
  const int digit = (bits + passes - 1) / passes;
  auto* const words = reinterpret_cast<std::uint32_t*>(s.scratch.data);
  auto* const spare_values = reinterpret_cast<stored_index*>(words + n);
  const std::uint32_t* keys = s.keys.data;
  const stored_index* values = s.values.data;
  for (int pass = 0; pass < passes; ++pass) {  // alternates buffers; the last pass writes the result
    const bool last_place = (passes - 1 - pass) % 2 == 0;
    std::uint32_t* const to_keys = last_place ? s.sorted_keys.data : words;
    stored_index* const to_values = last_place ? s.sorted_values.data : spare_values;
    const int shift = pass * digit;
    radix_pass(n, keys, values, to_keys, to_values, words + 2 * n, shift,
               bits - shift < digit ? bits - shift : digit);
    keys = to_keys;
    values = to_values;
  }
}

}  // namespace detail

}  // namespace diffam::exec
