// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Runs forward and backward of a component once and collects all results; measures how far two results
// differ.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "diffam/check/gradient.hpp"
#include "support/catch.hpp"

namespace diffam::test {

/// The output, and all gradients after a backward.
inline std::vector<double> all_written(const check::detail::probe_interface& p) {
  std::vector<double> all = p.last_output();
  const auto add = [&](const std::vector<double>& v) { all.insert(all.end(), v.begin(), v.end()); };
  add(p.d_input());
  for (std::size_t b = 0; b < p.block_count(); ++b) add(p.d_parameters(b));
  return all;
}

/// Runs forward and backward and returns all that they write, for a bitwise comparison.
template <class C>
std::vector<double> run_once(C c, const typename C::exec& e, const std::vector<double>& x, extent in) {
  check::detail::probe<C> p(c, e, x, in, 7);
  p.launch_forward();
  p.backward(0);
  return all_written(p);
}

/// Largest difference, divided by the largest expected number. NaN if one of the numbers is NaN.
inline double relative_difference(const std::vector<double>& found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  double worst = 0, size = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (std::isnan(found[i]) || std::isnan(expected[i])) return std::nan("");
    worst = std::max(worst, std::abs(found[i] - expected[i]));
    size = std::max(size, std::abs(expected[i]));
  }
  return size > 0 ? worst / size : worst;
}

}  // namespace diffam::test
