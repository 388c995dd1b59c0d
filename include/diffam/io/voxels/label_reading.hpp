// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Labels from the values of a volume. They may be a little off whole numbers, since many programs store them
// with a scale; values that are no labels become 0, with a warning.
#pragma once

#include <cmath>
#include <limits>
#include <optional>

#include "diffam/core/config.hpp"
#include "diffam/io/message.hpp"

namespace diffam::io::detail {

/// Turns the values of a volume into labels, and counts those that are no labels or not quite whole.
template <class T>
class label_reading {
 public:
  static constexpr double tolerance = 0.01;  // of a label stored with a scale; larger: no label volume

  /// The label of a value; nothing where the value lies between two labels.
  std::optional<T> operator()(double value) {
    constexpr double largest = std::numeric_limits<T>::max();
    const double whole = std::round(value);
    if (std::abs(value - whole) > tolerance) return {};
    if (!(whole >= 0 && whole <= largest)) {  // NaN as well
      ++outside_;
      least_ = std::fmin(least_, value);
      most_ = std::fmax(most_, value);
      return T{0};
    }
    rounded_ += value != whole ? 1 : 0;
    return static_cast<T>(whole);
  }

  void tell(const path& file, warning_list& warnings) const {
    if (rounded_ > 0)
      warnings.push_back(about(file, "data") + text(rounded_) +
                         " voxels are not whole numbers, by at most 0.01; rounded");
    if (outside_ == 0) return;
    const std::string found =
        least_ > most_ ? "nan" : text(least_) + (least_ < most_ ? " to " + text(most_) : "");
    warnings.push_back(about(file, "data") + text(outside_) + " voxels are no labels from 0 to " +
                       text(static_cast<int>(std::numeric_limits<T>::max())) + " (" + found + "); read as 0");
  }

 private:
  index_t rounded_ = 0, outside_ = 0;
  double least_ = std::numeric_limits<double>::infinity(), most_ = -std::numeric_limits<double>::infinity();
};

}  // namespace diffam::io::detail
