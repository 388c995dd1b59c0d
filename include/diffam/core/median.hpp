// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Medians of a list of numbers. Of an even number of them there are two in the middle: a caller takes one.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "diffam/core/config.hpp"

namespace diffam {

/// The number of the given rank, from 0.
template <real T>
T at_rank(std::vector<T> values, std::size_t rank) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

/// The median of at least one number, of two the lower one.
template <real T>
T lower_median(std::vector<T> values) {
  const std::size_t middle = (values.size() - 1) / 2;
  return at_rank(std::move(values), middle);
}
/// The same, of two the upper one.
template <real T>
T upper_median(std::vector<T> values) {
  const std::size_t middle = values.size() / 2;
  return at_rank(std::move(values), middle);
}

}  // namespace diffam
