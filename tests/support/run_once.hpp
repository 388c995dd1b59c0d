// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// One forward and backward of a component, with all that they write, and how two of them differ.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "diffam/check/gradient.hpp"
#include "support/catch.hpp"

namespace diffam::test {

/// What is written after a forward: the output, and all that a backward adds to it.
inline std::vector<double> all_written(const check::detail::probe_interface& p) {
  std::vector<double> all = p.last_output();
  const auto add = [&](const std::vector<double>& v) { all.insert(all.end(), v.begin(), v.end()); };
  add(p.d_input());
  for (std::size_t b = 0; b < p.block_count(); ++b) add(p.d_parameters(b));
  return all;
}

/// Everything that forward and backward write, for comparison bit for bit.
template <class C>
std::vector<double> run_once(C c, const typename C::exec& e, const std::vector<double>& x, extent in) {
  check::detail::probe<C> p(c, e, x, in, 7);
  p.launch_forward();
  p.backward(0);
  return all_written(p);
}

/// Largest difference, relative to the largest of the expected numbers; not a number where one is none.
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
