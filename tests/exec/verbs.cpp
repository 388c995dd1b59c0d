// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Every verb on every host policy, against a serial loop and bit for bit between policies.
#include <cmath>
#include <limits>
#include <vector>

#include "diffam/core/random.hpp"
#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "support/allocation.hpp"
#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace diffam;

namespace {

template <class T>
buffer<T> random_buffer(index_t rows, index_t cols, std::uint64_t number) {
  buffer<T> b(rows, cols);
  for (index_t i = 0; i < b.size(); ++i) {
    const auto w = random_words(3, random_stream::test, number, static_cast<std::uint64_t>(i));
    b.data()[i] = 2 * unit_interval<T>(w[0]) - 1;
  }
  return b;
}

template <class T>
std::vector<T> numbers(const buffer<T>& b) {
  return {b.get().begin(), b.get().end()};
}

/// Random keys in [-1, rows). Key -1 is to be skipped.
buffer<stored_index> random_keys(index_t n, index_t rows) {
  buffer<stored_index> keys(n);
  for (index_t i = 0; i < n; ++i) {
    const auto w = random_words(4, random_stream::test, 0, static_cast<std::uint64_t>(i));
    keys.data()[i] =
        static_cast<stored_index>(unit_interval<double>(w[0]) * static_cast<double>(rows + 1)) - 1;
  }
  return keys;
}

struct count_kernel {
  view<int> counts;
  void operator()(index_t i) const { ++counts[i]; }
};

template <class T>
struct term_kernel {
  view<const T> x;
  T operator()(index_t i) const {
    using std::sin;
    return sin(x[i]) * x[i] + x[i];
  }
};

/// Calls check(policy) for serial and for 1 to 8 threads.
template <class F>
void on_every_policy(F&& check) {
  check(exec::serial{});
  for (int count = 1; count <= 8; ++count) check(exec::threads(count));
}

const index_t sizes[] = {0, 1, 2, 255, 256, 257, 511, 512, 513, 5000};

}  // namespace

TEST_CASE("host policies satisfy the policy concept", "[exec]") {
  static_assert(exec::policy<exec::serial> && exec::policy<exec::threads>);
  static_assert(!exec::policy<int>);
  REQUIRE(exec::serial::concurrency() == 1);
  REQUIRE(exec::threads(3).concurrency() == 3);
  REQUIRE(exec::threads().concurrency() >= 1);
  REQUIRE_THROWS_WITH(exec::threads(-2), "exec::threads: expected a count >= 0, got -2");
}

TEST_CASE("for_each_index visits every index once, for any grain", "[exec]") {
  on_every_policy([](const auto& e) {
    for (index_t n : sizes)
      for (index_t grain : {index_t{1}, index_t{7}, exec::chunk_size, index_t{100000}}) {
        buffer<int> counts(n + 1);
        e.for_each_index(n, count_kernel{counts.get()}, grain);
        for (index_t i = 0; i < n; ++i) REQUIRE(counts.data()[i] == 1);
        REQUIRE(counts.data()[n] == 0);
      }
  });
}

TEMPLATE_TEST_CASE("fill and copy write every element", "[exec]", float, double, stored_index) {
  on_every_policy([](const auto& e) {
    for (index_t n : sizes) {
      buffer<TestType> a(n, 2), b(n, 2);
      e.fill(a.get(), 3);
      e.copy(view<const TestType>(a.get()), b.get());
      for (TestType v : b.get()) REQUIRE(v == TestType(3));
    }
  });
}

TEMPLATE_TEST_CASE("reduce gives the sum, with the same bits on every policy", "[exec]", float, double) {
  using T = TestType;
  for (index_t n : sizes) {
    const auto x = random_buffer<T>(n, 1, 1);
    const term_kernel<T> f{x.get()};
    double plain = 0, size = 1;
    for (index_t i = 0; i < n; ++i) {
      plain += static_cast<double>(f(i));
      size += std::abs(static_cast<double>(f(i)));
    }
    T reference = std::numeric_limits<T>::quiet_NaN();
    on_every_policy([&](const auto& e) {
      buffer<T> scratch(e.reduce_scratch(n));
      T sum = 42;  // overwritten
      e.reduce(n, f, &sum, scratch.get());
      REQUIRE(std::abs(static_cast<double>(sum) - plain) <= test::tolerance<T>::formula * size);
      if (std::isnan(reference)) reference = sum;
      REQUIRE(sum == reference);
    });
  }
}

TEMPLATE_TEST_CASE("scatter_add adds rows in their order, with the same bits on every policy", "[exec]",
                   float, double) {
  using T = TestType;
  for (index_t n : sizes) {
    const index_t rows = 37;
    const auto keys = random_keys(n, rows);
    const auto x = random_buffer<T>(n, 3, 2), start = random_buffer<T>(rows, 3, 3);
    auto expected = make_buffer(start.get());
    for (index_t i = 0; i < n; ++i)
      if (keys.data()[i] >= 0)
        for (index_t j = 0; j < 3; ++j) expected.get()(keys.data()[i], j) += x.get()(i, j);
    on_every_policy([&](const auto& e) {
      auto out = make_buffer(start.get());
      e.scatter_add(keys.get(), x.get(), out.get(), {});
      REQUIRE(numbers(out) == numbers(expected));
    });
  }
}

TEST_CASE("scatter_add adds in the order of i, as float rounding shows", "[exec]") {
  // (1 + 1e30) - 1e30 = 0 but (1e30 - 1e30) + 1 = 1: only the order of i gives 0, then 1.
  buffer<stored_index> keys(6);
  buffer<float> x(6);
  const float terms[] = {1, 1e30f, -1e30f, 1e30f, -1e30f, 1};
  for (index_t i = 0; i < 6; ++i) keys.data()[i] = i < 3 ? 0 : 5, x.data()[i] = terms[i];
  on_every_policy([&](const auto& e) {
    buffer<float> out(6);
    e.scatter_add(view<const stored_index>(keys.get()), view<const float>(x.get()), out.get(), {});
    REQUIRE(numbers(out) == std::vector<float>{0, 0, 0, 0, 0, 1});
  });
}

TEST_CASE("scatter_add finds a single key among negative keys at every position", "[exec]") {
  for (const index_t n : {index_t{1}, index_t{15}, index_t{16}, index_t{17}, index_t{64}, index_t{77}})
    for (index_t only = 0; only < n; ++only) {
      buffer<stored_index> keys(n);
      buffer<double> x(n, 3);
      for (index_t i = 0; i < n; ++i) keys.data()[i] = i == only ? 4 : -1 - static_cast<stored_index>(i % 5);
      for (double& v : x.get()) v = 2;
      on_every_policy([&](const auto& e) {
        buffer<double> out(9, 3);
        e.scatter_add(view<const stored_index>(keys.get()), view<const double>(x.get()), out.get(), {});
        for (index_t i = 0; i < out.size(); ++i) REQUIRE(out.data()[i] == (i / 3 == 4 ? 2 : 0));
      });
    }
}

TEST_CASE("scatter_add into fewer rows than threads, and into none", "[exec]") {
  buffer<stored_index> keys(3);
  buffer<double> x(3, 2);
  for (double& v : x.get()) v = 1;
  on_every_policy([&](const auto& e) {
    buffer<double> one(1, 2), none(0, 2);
    e.scatter_add(view<const stored_index>(keys.get()), view<const double>(x.get()), one.get(), {});
    REQUIRE(numbers(one) == std::vector<double>{3, 3});
    e.scatter_add(view<const stored_index>{}, view<const double>{}, none.get(), {});
  });
}

TEMPLATE_TEST_CASE("matrix products accumulate, with the same bits on every policy", "[exec]", float,
                   double) {
  using T = TestType;
  struct shape {
    index_t rows, inner, cols;
  };
  for (const shape s :
       {shape{1, 1, 1}, shape{3, 5, 2}, shape{130, 17, 9}, shape{70, 150, 3}, shape{0, 3, 3}}) {
    const auto a = random_buffer<T>(s.rows, s.inner, 4), b = random_buffer<T>(s.inner, s.cols, 5);
    const auto g = random_buffer<T>(s.rows, s.cols, 6);
    std::vector<T> first, first_transposed;
    on_every_policy([&](const auto& e) {
      buffer<T> c(s.rows, s.cols), d(s.inner, s.cols);
      e.fill(c.get(), T(1));
      e.fill(d.get(), T(-1));
      e.gemm(a.get(), b.get(), c.get());
      e.gemm_transposed(a.get(), g.get(), d.get());
      const double tolerance = test::tolerance<T>::formula * static_cast<double>(1 + s.inner + s.rows);
      for (index_t i = 0; i < s.rows; ++i)
        for (index_t j = 0; j < s.cols; ++j) {
          double plain = 1;
          for (index_t k = 0; k < s.inner; ++k) plain += static_cast<double>(a.get()(i, k) * b.get()(k, j));
          REQUIRE(std::abs(static_cast<double>(c.get()(i, j)) - plain) <= tolerance);
        }
      for (index_t k = 0; k < s.inner; ++k)
        for (index_t j = 0; j < s.cols; ++j) {
          double plain = -1;
          for (index_t i = 0; i < s.rows; ++i) plain += static_cast<double>(a.get()(i, k) * g.get()(i, j));
          REQUIRE(std::abs(static_cast<double>(d.get()(k, j)) - plain) <= tolerance);
        }
      if (first.empty()) first = numbers(c), first_transposed = numbers(d);
      REQUIRE(numbers(c) == first);
      REQUIRE(numbers(d) == first_transposed);
    });
  }
}

TEST_CASE("verbs allocate nothing", "[exec]") {
  const auto keys = random_keys(5000, 37);
  const auto x = random_buffer<float>(5000, 3, 2), a = random_buffer<float>(70, 20, 3);
  buffer<float> out(37, 3), c(20, 20), scratch(exec::serial::reduce_scratch(5000));
  buffer<int> counts(5000);
  float sum = 0;
  on_every_policy([&](const auto& e) {
    const auto before = test::allocation_count();
    e.for_each_index(5000, count_kernel{counts.get()});
    e.reduce(5000, term_kernel<float>{x.get()}, &sum, scratch.get());
    e.scatter_add(keys.get(), x.get(), out.get(), {});
    e.gemm_transposed(a.get(), a.get(), c.get());
    REQUIRE(test::allocation_count() == before);
  });
}
