// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The policy that imitates a device (tests/support/guarded.hpp) finds wrong accesses.
#include "support/guarded.hpp"

#include <array>
#include <memory>

#include "support/catch.hpp"

using namespace diffam;

namespace {

struct copy_one_kernel {
  const double* from;
  double* to;
  DIFFAM_HOST_DEVICE void operator()(index_t) const { *to = *from; }
};

/// Whether the operating system can read a byte at p.
bool readable(const void* p) {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  const bool ok = write(ends[1], p, 1) == 1;
  close(ends[0]), close(ends[1]);
  return ok;
}

}  // namespace

TEST_CASE("guarded memory is readable only while it is opened", "[exec]") {
  const buffer<double, test::guarded_memory> x(3);
  REQUIRE_FALSE(readable(x.data()));
  {
    const test::guarded_memory::opened open;
    REQUIRE(readable(x.data()));
  }
  REQUIRE_FALSE(readable(x.data()));
}

TEST_CASE("a verb on guarded memory refuses pointers to host memory", "[exec]") {
  if (!DIFFAM_TEST_CLEARS_PADDING) return;  // this compiler cannot clear padding
  const test::guarded e;
  buffer<double, test::guarded_memory> x(2), out(1);
  double on_stack = 1;
  const auto on_heap = std::make_unique<double>(1.0);
  e.for_each_index(1, copy_one_kernel{x.data(), out.data()});
  REQUIRE_THROWS_AS(e.for_each_index(1, copy_one_kernel{&on_stack, out.data()}), error);
  REQUIRE_THROWS_AS(e.for_each_index(1, copy_one_kernel{x.data(), on_heap.get()}), error);
  REQUIRE_THROWS_AS(e.fill(view<double>(&on_stack, 1), 2), error);
  REQUIRE_THROWS_AS(e.copy(view<const double>(on_heap.get(), 1), out.get()), error);
  REQUIRE(on_stack == 1);
}
