// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Step sizes for the rows of a parameter block. A policy is a copyable host-device functor `T
// operator()(index_t row, T progress) const`. It returns the factor of the row's step.
#pragma once

#include "diffam/core/view.hpp"
#include "diffam/optim/schedule.hpp"

namespace diffam::optim {

/// The factor is 1 for every row.
struct uniform_steps {
  template <class T>
  DIFFAM_HOST_DEVICE constexpr T operator()(index_t, T) const {
    return T(1);
  }
};

/// Equation (1): the step of the mode with eigenvalue lambda is scaled by (lambda / lambda_0)^(-alpha), with
/// log_ratio = log(lambda / lambda_0). alpha falls from 1 to 0.4. The factor applies to the *step*: Adam's
/// normalisation would cancel a factor of the gradient. `base` is a further factor for each row; 0 fixes a
/// row (the constant mode).
template <class T,                     // scalar type
          class Schedule = linear<T>>  // alpha as a function of the progress
struct row_steps {
  view<const T> base;       // rows x 1
  view<const T> log_ratio;  // rows x 1
  Schedule alpha = default_alpha();

  DIFFAM_HOST_DEVICE T operator()(index_t row, T progress) const {
    using std::exp;
    return base[row] * exp(-alpha(progress) * log_ratio[row]);
  }

  static constexpr Schedule default_alpha() {
    if constexpr (std::is_same_v<Schedule, linear<T>>)
      return {T(1), T(0.4), T(1)};
    else
      return {};
  }
};

}  // namespace diffam::optim
