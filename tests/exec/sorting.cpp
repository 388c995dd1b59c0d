// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Sorting on every host policy, and the scatter of a GPU (which sorts) against a serial loop.
#include <algorithm>
#include <cstring>

#include "diffam/exec/threads.hpp"
#include "support/allocation.hpp"
#include "support/catch.hpp"
#include "support/emulated.hpp"
#include "support/guarded.hpp"
#include "support/sorting.hpp"

using namespace diffam;

namespace {

struct nothing_kernel {
  void operator()(index_t) const {}
};

template <class Exec>
void require_sorted(const Exec& e, index_t n, int bits) {
  CAPTURE(n, bits);
  const test::numbered_pairs pairs(n, bits);
  std::vector<std::pair<std::uint32_t, stored_index>> expected;
  for (std::size_t i = 0; i < pairs.keys.size(); ++i) expected.emplace_back(pairs.keys[i], pairs.values[i]);
  const std::uint32_t mask = bits < 32 ? (1u << bits) - 1 : ~0u;
  std::stable_sort(expected.begin(), expected.end(),
                   [&](const auto& a, const auto& b) { return (a.first & mask) < (b.first & mask); });
  test::sort_memory<Exec> memory(n);
  memory.fill(pairs);
  e.for_each_index(64, nothing_kernel{}, 1);  // starts the workers, which allocates under a sanitizer
  const auto before = test::allocation_count();
  e.sort_pairs(memory.sort, bits);
  const auto after = test::allocation_count();
  REQUIRE((after == before || std::is_same_v<Exec, test::guarded>));
  REQUIRE(memory.sorted() == expected);
}

/// Random keys. Some are not a row: negative or too large.
std::vector<stored_index> scattered_keys(index_t n, index_t rows) {
  std::vector<stored_index> keys;
  for (index_t i = 0; i < n; ++i) {
    const auto w = random_words(4, random_stream::test, 1, static_cast<std::uint64_t>(i));
    const auto key = static_cast<stored_index>(w[0] % static_cast<std::uint32_t>(rows + 3));
    keys.push_back(w[1] % 4 == 0 ? -1 - key : key);
  }
  return keys;
}

template <class T>
void require_scattered(index_t n, index_t rows, test::thread_order order) {
  CAPTURE(n, rows);
  const auto keys = scattered_keys(n, rows);
  const view<const stored_index> key(keys.data(), n, 1);
  buffer<T> x(n, 3), expected(rows, 3), out(rows, 3);
  for (index_t i = 0; i < x.size(); ++i)
    x.data()[i] =
        static_cast<T>(random_words(5, random_stream::test, 1, static_cast<std::uint64_t>(i))[0]) / T(7);
  for (index_t i = 0; i < out.size(); ++i) expected.data()[i] = out.data()[i] = static_cast<T>(i) / T(3);
  const test::emulated e{order};
  buffer<std::byte> scratch(test::emulated::scatter_scratch(n, rows));
  const view<const T> terms = x.get();
  for (const bool same_keys : {false, true}) {
    exec::serial{}.scatter_add(key, terms, expected.get(), {});
    e.scatter_add(key, terms, out.get(), scratch.get(), same_keys);
    REQUIRE(std::equal(out.get().begin(), out.get().end(), expected.get().begin()));
  }
}

}  // namespace

TEST_CASE("sort_pairs is a stable sort by the lowest bits on every policy, and allocates nothing", "[exec]") {
  for (const index_t n : {index_t{0}, index_t{1}, index_t{2}, index_t{255}, index_t{5000}})
    for (const int bits : {1, 5, 12, 13, 14, 24, 25, 32}) {
      require_sorted(exec::serial{}, n, bits);
      require_sorted(exec::threads(1), n, bits);
      require_sorted(exec::threads(3), n, bits);
      require_sorted(test::guarded{}, n, bits);
      require_sorted(test::emulated{}, n, bits);
    }
}

TEST_CASE("bit_count is the number of bits for n values", "[exec]") {
  REQUIRE(exec::bit_count(1) == 0);
  REQUIRE(exec::bit_count(2) == 1);
  REQUIRE(exec::bit_count(3) == 2);
  REQUIRE(exec::bit_count(256) == 8);
  REQUIRE(exec::bit_count(257) == 9);
  REQUIRE(exec::bit_count(index_t{1} << 40) == 32);
}

TEMPLATE_TEST_CASE("a sorted scatter writes the bits of a serial loop", "[exec]", float, double) {
  for (const auto order :
       {test::thread_order::forward, test::thread_order::backward, test::thread_order::strided})
    for (const index_t n : {index_t{0}, index_t{1}, index_t{31}, index_t{257}, index_t{5000}})
      for (const index_t rows : {index_t{1}, index_t{2}, index_t{3}, index_t{37}, index_t{4096}})
        require_scattered<TestType>(n, rows, order);
}

TEST_CASE("a scatter of more keys than the bucket sort takes uses the radix sort", "[exec]") {
  require_scattered<float>(exec::detail::bucket_order_limit, 37, test::thread_order::strided);
  require_scattered<float>(exec::detail::bucket_order_limit + 1, 4096, test::thread_order::strided);
}

TEST_CASE("the bucket sort gives the order of a stable sort, in any order of threads", "[exec]") {
  for (const index_t n : {index_t{1}, index_t{300}, index_t{5000}})
    for (const index_t buckets : {index_t{1}, index_t{3}, index_t{511}, index_t{512}, index_t{40000}})
      for (const auto order :
           {test::thread_order::forward, test::thread_order::backward, test::thread_order::strided}) {
        CAPTURE(n, buckets);
        const auto keys = scattered_keys(n, buckets);
        arena measuring;
        (void)exec::detail::plan_bucket_order<test::emulated>(measuring, n, buckets);
        buffer<std::byte> block(measuring.used());
        std::memset(block.data(), 0xff, block.bytes());
        arena memory(block.data(), measuring.used());
        const auto found = exec::detail::plan_bucket_order<test::emulated>(memory, n, buckets);
        exec::detail::order_by_bucket(test::emulated{order}, keys.data(), n, found);
        std::vector<std::vector<stored_index>> expected(static_cast<std::size_t>(buckets));
        for (index_t i = 0; i < n; ++i) {
          const index_t key = keys[static_cast<std::size_t>(i)];
          if (key >= 0 && key < buckets)
            expected[static_cast<std::size_t>(key)].push_back(static_cast<stored_index>(i));
        }
        std::uint32_t at = 0;
        for (index_t b = 0; b < buckets; ++b) {
          REQUIRE(found.begin[b] == at);
          for (const stored_index i : expected[static_cast<std::size_t>(b)]) REQUIRE(found.order[at++] == i);
        }
        REQUIRE(found.begin[buckets] == at);
      }
}
