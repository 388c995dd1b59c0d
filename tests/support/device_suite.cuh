// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The tests that every component must pass on a GPU. `component_suite` runs them if nvcc compiles the test.
// Without a device they do nothing; the main program reports once that there is no device.
#pragma once

#include "diffam/exec/graph.cuh"
#include "diffam/exec/serial.hpp"
#include "support/catch.hpp"
#include "support/run_once.hpp"
#include "support/tolerance.hpp"

namespace diffam::test {

/// Records forward and backward as a graph and replays it twice. Returns the same data as `run_once`.
template <class C>
std::vector<double> replay_once(C c, const exec::cuda& e, const std::vector<double>& x, extent in) {
  check::detail::probe<C> p(c, e, x, in, 7);
  const exec::graph iteration(e, [&] {
    p.launch_forward();
    p.backward(0);
  });
  iteration.launch();
  iteration.launch();
  return all_written(p);
}

/// The tests on the current device.
template <class MakeCase>
void device_suite(const MakeCase& make_case, const std::vector<double>& x, extent in,
                  const check::params& o) {
  if (exec::cuda_device_count() == 0) return;
  // [side_streams]
  const exec::cuda_stream stream;
  const exec::cuda_side_streams side;  // both outlive what uses them
  const exec::cuda e{stream.get(), &side};
  // [/side_streams]
  SECTION("the device agrees with serial") {
    const auto expected = run_once(make_case(exec::serial{}), exec::serial{}, x, in);
    REQUIRE(relative_difference(run_once(make_case(e), e, x, in), expected) <= tolerance<double>::device);
  }
  SECTION("gradients agree with finite differences (device)") {
    auto c = make_case(e);
    const auto report = check::gradients(c, e, x, in, o);
    INFO(report.message());
    REQUIRE(report.ok());
  }
  SECTION("the device writes the same bits again, and from a replayed graph") {
    const auto first = run_once(make_case(e), e, x, in);
    REQUIRE(run_once(make_case(e), e, x, in) == first);
    REQUIRE(replay_once(make_case(e), e, x, in) == first);
  }
}

}  // namespace diffam::test
