// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Buffers (owned memory), arenas (planned memory) and views.
#include <array>
#include <cstdint>

#include "diffam/core/arena.hpp"
#include "diffam/core/buffer.hpp"
#include "support/allocation.hpp"
#include "support/catch.hpp"

using namespace diffam;

namespace {

bool aligned(const void* p, std::size_t alignment) {
  return reinterpret_cast<std::uintptr_t>(p) % alignment == 0;
}

struct taken {
  view<float> a;
  view<double> b;
  view<stored_index> none;
  view<std::uint8_t> c;
};

taken plan(arena& a) {
  taken t;
  t.a = a.take<float>(5, 3);
  t.b = a.take<double>(7);
  t.none = a.take<stored_index>(0, 4);
  t.c = a.take<std::uint8_t>(1);
  return t;
}

template <class F>
std::string message_of(F&& f) {
  try {
    f();
  } catch (const error& e) {
    return e.what();
  }
  return "nothing was thrown";
}

/// Host memory that counts the blocks and bytes in use.
struct counting_memory : host_memory {
  static inline int blocks = 0;
  static inline std::size_t bytes = 0;
  static void* allocate(std::size_t n) {
    ++blocks;
    bytes += n;
    return host_memory::allocate(n);
  }
  static void deallocate(void* p, std::size_t n) noexcept {
    --blocks;
    bytes -= n;
    host_memory::deallocate(p, n);
  }
};

}  // namespace

TEST_CASE("an arena hands out aligned, disjoint blocks of the measured size", "[core][arena]") {
  arena measuring;
  REQUIRE(measuring.measuring());
  const taken dry = plan(measuring);
  REQUIRE(dry.a.data == nullptr);
  REQUIRE(dry.a.empty());
  REQUIRE(dry.a.extent() == extent{5, 3});
  REQUIRE(measuring.used() == 64 + 64 + 0 + 64);  // 60, 56, 0 and 1 bytes, each rounded up to 64

  buffer<std::byte> block(measuring.used());
  arena memory(block.data(), block.size());
  REQUIRE_FALSE(memory.measuring());
  const taken wet = plan(memory);
  REQUIRE(memory.used() == measuring.used());
  REQUIRE(aligned(wet.a.data, arena::alignment));
  REQUIRE(aligned(wet.b.data, arena::alignment));
  REQUIRE(aligned(wet.c.data, arena::alignment));
  for (auto& v : wet.a) v = 1;
  for (auto& v : wet.b) v = 2;
  wet.c[0] = 3;
  for (auto v : wet.a) REQUIRE(v == 1);
  for (auto v : wet.b) REQUIRE(v == 2);
}

TEST_CASE("a plan that differs from its measurement is an internal error", "[core][arena]") {
  buffer<std::byte> block(64);
  arena memory(block.data(), block.size());
  (void)memory.take<float>(16);
  REQUIRE(memory.used() == 64);
  try {
    (void)memory.take<float>(1);
    FAIL("more was handed out than there is");
  } catch (const error& e) {
    REQUIRE(e.kind() == error_kind::internal);
    REQUIRE(std::string(e.what()) == "arena: planned 64 bytes, asked for 128");
  }
}

TEST_CASE("negative extents are refused", "[core][arena][buffer]") {
  arena a;
  REQUIRE(message_of([&] { (void)a.take<float>(-1, 3); }) == "arena: negative extent -1 x 3");
  REQUIRE(message_of([] { buffer<float> b(2, -3); }) == "buffer: negative extent 2 x -3");
}

TEST_CASE("a buffer is aligned and starts at zero", "[core][buffer]") {
  for (index_t n : {1, 3, 1000}) {
    buffer<double> b(n, 2);
    REQUIRE(aligned(b.data(), host_memory::alignment));
    REQUIRE(b.size() == 2 * n);
    REQUIRE(b.get().extent() == extent{n, 2});
    for (double v : b.get()) REQUIRE(v == 0);
  }
}

TEST_CASE("an empty buffer owns nothing", "[core][buffer]") {
  const auto before = test::allocation_count();
  buffer<float> none, rows(0, 3), cols(3, 0);
  REQUIRE(test::allocation_count() == before);
  REQUIRE(none.get().empty());
  REQUIRE(rows.get().empty());
  REQUIRE(cols.get().empty());
}

TEST_CASE("moving a buffer moves ownership and keeps the address", "[core][buffer]") {
  using counted = buffer<int, counting_memory>;
  {
    counted a(3, 2);
    a.get()(2, 1) = 7;
    const int* address = a.data();
    counted b(std::move(a));
    REQUIRE(b.data() == address);
    REQUIRE(b.get()(2, 1) == 7);
    REQUIRE(a.data() == nullptr);  // NOLINT(bugprone-use-after-move): the moved-from state is what is tested
    REQUIRE(a.size() == 0);

    counted c(10);
    REQUIRE(counting_memory::blocks == 2);
    c = std::move(b);
    REQUIRE(counting_memory::blocks == 1);
    REQUIRE(counting_memory::bytes == 6 * sizeof(int));
    REQUIRE(c.data() == address);
    REQUIRE(c.get().extent() == extent{3, 2});

    counted& same = c;
    c = std::move(same);
    REQUIRE(c.data() == address);
    REQUIRE(c.size() == 6);
  }
  REQUIRE(counting_memory::blocks == 0);
  REQUIRE(counting_memory::bytes == 0);
  static_assert(!std::is_copy_constructible_v<counted> && !std::is_copy_assignable_v<counted>);
  static_assert(std::is_nothrow_move_constructible_v<counted> && std::is_nothrow_move_assignable_v<counted>);
}

TEST_CASE("uploads and downloads are copies", "[core][buffer]") {
  std::array<int, 4> source{1, 2, 3, 4}, back{};
  buffer<int> b(2, 2);
  b.upload(source.data());
  source[0] = 9;
  b.download(back.data());
  REQUIRE(back == std::array<int, 4>{1, 2, 3, 4});
  const buffer<int> copy = make_buffer(view<const int>(b.get()));
  b.get()[3] = 0;
  REQUIRE(copy.get()(1, 1) == 4);
  REQUIRE(make_buffer(view<const int>{}).size() == 0);
}

TEST_CASE("views address the rows and elements of memory", "[core][view]") {
  double memory[6] = {0, 1, 2, 3, 4, 5};
  const view<double> x(memory, 2, 3);
  const view<const double> read = x;
  REQUIRE(x.size() == 6);
  REQUIRE(x(1, 2) == 5);
  REQUIRE(x[4] == 4);
  REQUIRE(x.row(1) == memory + 3);
  REQUIRE(read.rows_from(1, 1).extent() == extent{1, 3});
  REQUIRE(read.rows_from(1, 1)[0] == 3);
  REQUIRE(load3(read, 1) == vec3<double>{3, 4, 5});
  store3(x, 0, vec3<double>{6, 7, 8});
  add3(x, 0, vec3<double>{1, 1, 1});
  REQUIRE(load3(x, 0) == vec3<double>{7, 8, 9});
  REQUIRE(load3(x, 1) == vec3<double>{3, 4, 5});
  static_assert(!std::is_convertible_v<view<const double>, view<double>>);
}

TEST_CASE("a view without memory or without elements is empty", "[core][view]") {
  float one = 1;
  REQUIRE(view<float>{}.empty());
  REQUIRE(view<float>(nullptr, 3, 3).empty());
  REQUIRE(view<float>(&one, 0, 3).empty());
  REQUIRE_FALSE(view<float>(&one, 1).empty());
}

TEST_CASE("shape errors name the component, the argument and both extents", "[core][view]") {
  REQUIRE_NOTHROW(require_extent("mlp", "distances", {4, 1}, {4, 1}));
  REQUIRE(message_of([] {
            require_extent("mlp", "distances", {4, 1}, {5, 2});
          }) == "mlp: expected distances of 4 x 1, got 5 x 2");
  REQUIRE_NOTHROW(require_cols("mesh_distance", "vertices", 3, {7, 3}));
  REQUIRE(message_of([] {
            require_cols("mesh_distance", "vertices", 3, {7, 2});
          }) == "mesh_distance: expected vertices of n x 3, got 7 x 2");
}

TEST_CASE("the allocation counter counts buffers and new", "[core][buffer]") {
  const auto before = test::allocation_count();
  const buffer<float> one(1);
  REQUIRE(test::allocation_count() == before + 1);
  auto* volatile two = new int(2);
  REQUIRE(test::allocation_count() == before + 2);
  delete two;
  REQUIRE(test::allocation_count() == before + 2);
}
