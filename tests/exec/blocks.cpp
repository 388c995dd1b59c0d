// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Block kernels in emulation on the CPU: the errors that the emulation finds, and the matrix products of a
// GPU.
#include "diffam/exec/block.hpp"

#include <cmath>

#include "diffam/core/random.hpp"
#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "support/catch.hpp"
#include "support/emulated.hpp"
#include "support/tolerance.hpp"

using namespace diffam;
using test::emulated;
using test::thread_order;

namespace {

const thread_order orders[] = {thread_order::forward, thread_order::backward, thread_order::strided};

/// Reverses the block's 64 numbers. Without the barrier the result is wrong.
struct turn_round {
  static constexpr int threads = 64;
  bool with_barrier;
  view<int> x;
  index_t shared_bytes() const { return threads * static_cast<index_t>(sizeof(int)); }

  template <class Block>
  DIFFAM_HOST_DEVICE void operator()(const Block& block) const {
    int* shared = reinterpret_cast<int*>(block.memory());
    int* own = x.row(block.index());
    const auto put = [&](int t) { shared[t] = own[t]; };
    const auto take = [&](int t) { own[t] = shared[threads - 1 - t]; };
    if (!with_barrier) {
      block.phase([&](int t) { put(t), take(t); });
    } else {
      block.phase(put);
      block.phase(take);
    }
  }
};

/// Writes the initial content of shared memory to x.
struct first_sight {
  static constexpr int threads = 32;
  view<float> x;
  index_t shared_bytes() const { return threads * static_cast<index_t>(sizeof(float)); }

  template <class Block>
  DIFFAM_HOST_DEVICE void operator()(const Block& block) const {
    block.phase([&](int t) { x[t] = reinterpret_cast<const float*>(block.memory())[t]; });
  }
};

std::vector<int> turned(thread_order order, bool with_barrier) {
  buffer<int> x(3, turn_round::threads);
  for (index_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<int>(i);
  emulated{order}.for_each_block(3, turn_round{with_barrier, x.get()});
  return {x.get().begin(), x.get().end()};
}

template <class T>
buffer<T> random_buffer(index_t rows, index_t cols, std::uint64_t number) {
  buffer<T> b(rows, cols);
  for (index_t i = 0; i < b.size(); ++i)
    b.data()[i] =
        2 * unit_interval<T>(random_words(3, random_stream::test, number, static_cast<std::uint64_t>(i))[0]) -
        1;
  return b;
}

/// Adds A B and A^T G to matrices of ones.
template <class T, class Exec>
std::vector<T> both_products(const Exec& e, const buffer<T>& a, const buffer<T>& b, const buffer<T>& g) {
  buffer<T> c(a.get().rows, b.get().cols), d(a.get().cols, g.get().cols);
  e.fill(c.get(), T(1));
  e.fill(d.get(), T(1));
  e.gemm(a.get(), b.get(), c.get());
  e.gemm_transposed(a.get(), g.get(), d.get());
  std::vector<T> all(c.get().begin(), c.get().end());
  all.insert(all.end(), d.get().begin(), d.get().end());
  return all;
}

}  // namespace

TEST_CASE("has_blocks tells which policies have thread blocks, and orders visit all indices",
          "[exec][blocks]") {
  static_assert(exec::has_blocks<emulated>);
  static_assert(!exec::has_blocks<exec::serial> && !exec::has_blocks<exec::threads>);
  static_assert(exec::block_kernel<turn_round> && !exec::block_kernel<int>);
  for (const index_t n : {1, 2, 31, 97, 194, 256})
    for (const thread_order order : orders) {
      std::vector<int> met(static_cast<std::size_t>(n), 0);
      for (index_t i = 0; i < n; ++i) ++met[static_cast<std::size_t>(test::nth(order, i, n))];
      REQUIRE(met == std::vector<int>(static_cast<std::size_t>(n), 1));
    }
}

TEST_CASE("without a barrier, the result depends on the order of threads", "[exec][blocks]") {
  const auto right = turned(thread_order::forward, true);
  REQUIRE(right[0] == turn_round::threads - 1);
  for (const thread_order order : orders) REQUIRE(turned(order, true) == right);
  REQUIRE(turned(thread_order::forward, false) != turned(thread_order::backward, false));
}

TEST_CASE("shared memory of the emulation starts as NaN", "[exec][blocks]") {
  buffer<float> x(first_sight::threads);
  emulated{}.for_each_block(1, first_sight{x.get()});
  for (const float seen : x.get()) REQUIRE(std::isnan(seen));
}

TEMPLATE_TEST_CASE("matrix products of thread blocks accumulate, in any order of threads", "[exec][blocks]",
                   float, double) {
  using T = TestType;
  struct shape {
    index_t rows, inner, cols;
  };
  for (const shape s : {shape{1, 1, 1}, shape{3, 5, 2}, shape{130, 17, 9}, shape{301, 150, 16},
                        shape{70, 64, 33}, shape{0, 3, 3}, shape{4, 0, 3}}) {
    CAPTURE(s.rows, s.inner, s.cols);
    const auto a = random_buffer<T>(s.rows, s.inner, 4), b = random_buffer<T>(s.inner, s.cols, 5);
    const auto g = random_buffer<T>(s.rows, s.cols, 6);
    const auto expected = both_products(exec::serial{}, a, b, g);
    const auto found = both_products(emulated{}, a, b, g);
    const double tolerance = test::tolerance<T>::formula * static_cast<double>(1 + s.inner + s.rows);
    REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i)
      REQUIRE(std::abs(static_cast<double>(found[i] - expected[i])) <= tolerance);
    for (const thread_order order : orders) REQUIRE(both_products(emulated{order}, a, b, g) == found);
  }
}
