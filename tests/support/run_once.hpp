// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// One forward and backward of a component, with all that they write.
#pragma once

#include <vector>

#include "diffam/check/gradient.hpp"

namespace diffam::test {

/// Everything that forward and backward write, for comparison bit for bit.
template <class C>
std::vector<double> run_once(C c, const typename C::exec& e, const std::vector<double>& x, extent in) {
  check::detail::probe<C> p(c, e, x, in, 7);
  std::vector<double> all = p.output();
  p.backward(0);
  const auto add = [&](const std::vector<double>& v) { all.insert(all.end(), v.begin(), v.end()); };
  add(p.d_input());
  for (std::size_t b = 0; b < p.block_count(); ++b) add(p.d_parameters(b));
  return all;
}

}  // namespace diffam::test
