// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The second translation unit, which uses functions that the first compiles too.
#include "everything.hpp"

namespace {
struct next {
  float operator()(diffam::index_t i) const { return static_cast<float>(i + 1); }
};
}  // namespace

int sum_in_second_unit(int n) {
  const diffam::exec::threads e(2);
  diffam::buffer<float> scratch(e.reduce_scratch(n));
  float sum = 0;
  e.reduce(n, next{}, &sum, scratch.get());
  return static_cast<int>(sum);
}
