// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Pairs to sort, and the memory of a sort.
#pragma once

#include <utility>
#include <vector>

#include "diffam/core/random.hpp"
#include "diffam/exec/policy.hpp"

namespace diffam::test {

/// n keys, many of them equal in the lowest `bits` bits. The higher bits are random and must be ignored. The
/// values are not sorted.
struct numbered_pairs {
  std::vector<std::uint32_t> keys;
  std::vector<stored_index> values;

  numbered_pairs(index_t n, int bits) {
    const std::uint32_t mask = bits < 32 ? (1u << bits) - 1 : ~0u;
    for (index_t i = 0; i < n; ++i) {
      const auto w = random_words(9, random_stream::test, 0, static_cast<std::uint64_t>(i));
      const std::uint32_t key = w[1] % 3 == 0 ? 5 * w[0] : w[0] % 50;
      keys.push_back((key & mask) | (w[2] & ~mask));
      values.push_back(static_cast<stored_index>(7 * i - 3));
    }
  }
};

/// The memory of a sort of n pairs on a policy.
template <class Exec>
struct sort_memory {
  using memory = typename Exec::memory;
  buffer<std::byte, memory> block;
  exec::pair_sort sort;

  explicit sort_memory(index_t n) {
    arena measuring;
    (void)exec::plan_sort<Exec>(measuring, n);
    block = buffer<std::byte, memory>(measuring.used() + 1);
    arena taken(block.data(), measuring.used());
    sort = exec::plan_sort<Exec>(taken, n);
  }
  void fill(const numbered_pairs& p) {
    if (p.keys.empty()) return;
    memory::copy_from_host(sort.keys.data, p.keys.data(), p.keys.size() * sizeof p.keys[0]);
    memory::copy_from_host(sort.values.data, p.values.data(), p.values.size() * sizeof p.values[0]);
  }
  std::vector<std::pair<std::uint32_t, stored_index>> sorted() const {
    const auto n = static_cast<std::size_t>(sort.keys.rows);
    std::vector<std::uint32_t> keys(n);
    std::vector<stored_index> values(n);
    std::vector<std::pair<std::uint32_t, stored_index>> all;
    if (n == 0) return all;
    memory::copy_to_host(keys.data(), sort.sorted_keys.data, n * sizeof keys[0]);
    memory::copy_to_host(values.data(), sort.sorted_values.data, n * sizeof values[0]);
    for (std::size_t i = 0; i < n; ++i) all.emplace_back(keys[i], values[i]);
    return all;
  }
};

}  // namespace diffam::test
