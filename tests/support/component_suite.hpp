// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The tests that every component must pass on every policy:
//
//     component_suite([](auto exec) { return my_component<double, decltype(exec)>(...); }, x, extent{n, 3});
//
// `make_case(exec)` constructs the component for a policy, with the same parameters for all. x is an input
// away from kinks.
#pragma once

#include <vector>

#include "diffam/check/gradient.hpp"
#include "diffam/exec/serial.hpp"
#include "diffam/exec/threads.hpp"
#include "support/allocation.hpp"
#include "support/catch.hpp"
#include "support/guarded.hpp"
#include "support/place.hpp"
#include "support/run_once.hpp"
#include "support/tolerance.hpp"

#if defined(__CUDACC__)
#include "support/device_suite.cuh"
#else
#include "support/emulated.hpp"
#endif

namespace diffam::test {

/// Forward and backward of `c` allocate nothing.
template <class C>
void require_no_allocation(C c, const typename C::exec& e, const std::vector<double>& x, extent in) {
  check::detail::probe<C> p(c, e, x, in, 7);
  const auto before = allocation_count();
  p.launch_forward();
  p.backward(0);
  const auto after = allocation_count();
  REQUIRE(after == before);
}

#if !defined(__CUDACC__)
/// The tests on the host policies. Code that nvcc compiles leaves them out: the host build runs them.
template <class MakeCase>
void host_suite(const MakeCase& make_case, const std::vector<double>& x, extent in, const check::params& o) {
  SECTION("gradients agree with finite differences (serial)") {
    auto c = make_case(exec::serial{});
    static_assert(component<decltype(c)>);
    const auto report = check::gradients(c, exec::serial{}, x, in, o);
    INFO(report.message());
    REQUIRE(report.ok());
  }
  SECTION("gradients agree with finite differences (threads)") {
    const exec::threads two(2);
    auto c = make_case(two);
    const auto report = check::gradients(c, two, x, in, o);
    INFO(report.message());
    REQUIRE(report.ok());
  }
  SECTION("any number of threads writes the bits of serial") {
    const auto expected = run_once(make_case(exec::serial{}), exec::serial{}, x, in);
    for (int count : {1, 2, 3, 8}) {
      const exec::threads e(count);
      REQUIRE(run_once(make_case(e), e, x, in) == expected);
    }
  }
  SECTION("forward and backward allocate nothing") {
    require_no_allocation(make_case(exec::serial{}), exec::serial{}, x, in);
    const exec::threads two(2);
    require_no_allocation(make_case(two), two, x, in);
  }
  SECTION("as on a device: memory is touched within verbs alone, and agrees with serial") {
    const guarded e;
    const auto expected = run_once(make_case(exec::serial{}), exec::serial{}, x, in);
    REQUIRE(relative_difference(run_once(make_case(e), e, x, in), expected) <= tolerance<double>::device);
    auto c = make_case(e);
    const auto report = check::gradients(c, e, x, in, o);
    INFO(report.message());
    REQUIRE(report.ok());
  }
  SECTION("blocks of a device's threads agree with serial, in any order (emulated)") {
    const auto expected = run_once(make_case(exec::serial{}), exec::serial{}, x, in);
    for (auto order : {thread_order::forward, thread_order::backward}) {
      const emulated e(order);
      REQUIRE(relative_difference(run_once(make_case(e), e, x, in), expected) <= tolerance<double>::device);
    }
  }
}
#endif

/// The tests on all policies: host policies in host code, the GPU in code that nvcc compiles.
template <class MakeCase>
void component_suite(const MakeCase& make_case, const std::vector<double>& x, extent in,
                     check::params o = {}) {
  o.tolerance = tolerance<double>::gradient;
#if defined(__CUDACC__)
  device_suite(make_case, x, in, o);
#else
  host_suite(make_case, x, in, o);
#endif
}

/// Set-up throws for an input of extent `wrong`, and the message names that extent.
template <class C>
void require_shape_error(const C& c, extent wrong) {
  try {
    (void)c.output_extent(wrong);
    FAIL("accepted an input of " << to_string(wrong));
  } catch (const error& e) {
    const std::string message = e.what();
    INFO(message);
    REQUIRE(message.find("expected") != std::string::npos);
    REQUIRE(message.find(to_string(wrong)) != std::string::npos);
  }
}

}  // namespace diffam::test
