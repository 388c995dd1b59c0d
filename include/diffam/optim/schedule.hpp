// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Schedules: functors of the progress of a run, which is 0 at the first iteration and 1 at the last. Kernels
// evaluate them.
#pragma once

#include <cmath>

#include "diffam/core/config.hpp"

namespace diffam::optim {

/// Always `value`.
template <class T>
struct constant {
  T value = T(1);
  DIFFAM_HOST_DEVICE T operator()(T) const { return value; }
};

/// Linear from `first` at progress 0 to `last` at progress `until`, then `last`.
template <class T>
struct linear {
  T first = T(1);
  T last = T(0);
  T until = T(1);
  DIFFAM_HOST_DEVICE T operator()(T progress) const {
    return progress < until ? first + (last - first) * (progress / until) : last;
  }
};

/// Half a cosine from `first` at progress 0 to `last` at progress 1 (Loshchilov & Hutter 2017, without
/// restarts).
template <class T>
struct cosine {
  T first = T(1);
  T last = T(0);
  DIFFAM_HOST_DEVICE T operator()(T progress) const {
    using std::cos;
    if (!(progress < T(1))) return last;
    const T half = (T(1) + cos(T(3.14159265358979323846) * progress)) / T(2);
    return last + (first - last) * half;
  }
};

}  // namespace diffam::optim
