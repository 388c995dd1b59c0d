// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Stress tests of the thread pool: nested launches, launches from several threads, many short-lived policies,
// and very many launches. Run them under the tsan preset.
#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "support/catch.hpp"

using namespace diffam;

namespace {

struct increment_kernel {
  view<int> x;
  void operator()(index_t i) const { ++x[i]; }
};

/// Launches from inside a launch: each outer index runs a loop over its own row.
struct nested_kernel {
  const exec::threads* e;
  view<int> x;
  void operator()(index_t i) const { e->for_each_index(x.cols, increment_kernel{{x.row(i), x.cols}}, 1); }
};

/// Plain writes, not atomic: a launch must order them before later reads.
struct carry_kernel {
  view<const int> from;
  view<int> to;
  void operator()(index_t i) const { to[i] = from[i] + from[(i + 1) % from.rows]; }
};

struct who_kernel {
  view<std::thread::id> ids;
  std::atomic<int>* arrived;
  int wanted;
  /// Waits for the other threads, so that no thread takes two chunks.
  void operator()(index_t i) const {
    ids[i] = std::this_thread::get_id();
    arrived->fetch_add(1);
    while (arrived->load() < wanted) std::this_thread::yield();
  }
};

template <class Exec>
std::vector<int> carried(const Exec& e, int rounds) {
  const index_t n = 37;
  buffer<int> a(n), b(n);
  a.data()[0] = 1;
  for (int r = 0; r < rounds; ++r) {
    e.for_each_index(n, carry_kernel{a.get(), b.get()}, 1);
    std::swap(a, b);
    for (int& v : a.get()) v %= 1000;  // the calling thread writes before the next launch
  }
  return {a.get().begin(), a.get().end()};
}

}  // namespace

TEST_CASE("a policy runs a launch on as many threads as it was given", "[exec][pool]") {
  for (int count : {1, 2, 5}) {
    const exec::threads e(count);
    buffer<std::thread::id> ids(count);
    std::atomic<int> arrived{0};
    e.for_each_index(count, who_kernel{ids.get(), &arrived, count}, 1);
    REQUIRE(std::set<std::thread::id>(ids.get().begin(), ids.get().end()).size() ==
            static_cast<std::size_t>(count));
  }
}

TEST_CASE("a launch sees all earlier writes and has finished when it returns", "[exec][pool]") {
  const auto expected = carried(exec::serial{}, 2000);
  for (int count : {2, 3, 8}) REQUIRE(carried(exec::threads(count), 2000) == expected);
}

TEST_CASE("a nested launch runs on the thread that makes it", "[exec][pool]") {
  const exec::threads e(4);
  buffer<int> x(50, 300);
  e.for_each_index(50, nested_kernel{&e, x.get()}, 1);
  for (int v : x.get()) REQUIRE(v == 1);
  e.for_each_index(50, nested_kernel{&e, x.get()}, 1);
  for (int v : x.get()) REQUIRE(v == 2);
}

TEST_CASE("several threads may launch at once", "[exec][pool]") {
  const auto expected = carried(exec::serial{}, 500);
  std::vector<int> results[3];
  std::vector<std::thread> users;
  for (auto& result : results) users.emplace_back([&result] { result = carried(exec::threads(3), 500); });
  for (auto& u : users) u.join();
  for (const auto& result : results) REQUIRE(result == expected);
}

TEST_CASE("many policies can be made, copied and destroyed", "[exec][pool]") {
  buffer<int> x(1000);
  int launches = 0;
  for (int round = 0; round < 20; ++round)
    for (int count = 1; count <= 8; ++count) {
      const exec::threads e(count);
      const exec::threads copy = e;
      e.for_each_index(1000, increment_kernel{x.get()}, 10);
      copy.for_each_index(1000, increment_kernel{x.get()}, 10);
      launches += 2;
    }
  for (int v : x.get()) REQUIRE(v == launches);
}

TEST_CASE("a policy made by a thread that has ended still works", "[exec][pool]") {
  std::vector<exec::threads> made;
  std::thread([&made] { made.emplace_back(6); }).join();
  buffer<int> x(100);
  made[0].for_each_index(100, increment_kernel{x.get()}, 1);
  for (int v : x.get()) REQUIRE(v == 1);
}
