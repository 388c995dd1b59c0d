// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The iteration clock, and errors.
#include "diffam/core/clock.hpp"

#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "support/catch.hpp"

using namespace diffam;

TEMPLATE_TEST_CASE("a clock runs from progress 0 to progress 1", "[core][clock]", exec::serial,
                   exec::threads) {
  const TestType e{};
  iteration_clock<TestType> clock(5);
  const clock_state* seen = clock.state();  // the pointer that a kernel keeps
  const double expected[] = {0, 0.25, 0.5, 0.75, 1};
  for (double p : expected) {
    REQUIRE(seen->progress<double>() == p);
    const clock_state copy = clock.get();
    REQUIRE(copy.progress<float>() == static_cast<float>(p));
    clock.advance(e);
  }
  REQUIRE(clock.get().iteration == 5);
  clock.set({2, 3});
  REQUIRE(clock.state() == seen);
  REQUIRE(seen->progress<double>() == 1);
}

TEST_CASE("a run of one iteration has progress 0", "[core][clock]") {
  REQUIRE(iteration_clock<exec::serial>(1).get().progress<double>() == 0);
  REQUIRE(iteration_clock<exec::serial>(0).get().progress<double>() == 0);
}

TEST_CASE("an error carries its kind", "[core][error]") {
  REQUIRE(error("mlp: expected a width >= 1, got 0").kind() == error_kind::usage);
  REQUIRE_NOTHROW(require(true, "never"));
  try {
    require(false, "nifti: truncated", error_kind::bad_data);
    FAIL("not thrown");
  } catch (const std::runtime_error& e) {
    REQUIRE(std::string(e.what()) == "nifti: truncated");
    REQUIRE(dynamic_cast<const error&>(e).kind() == error_kind::bad_data);
  }
}
