// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Penalties of a residual r, for data terms. A penalty is a type with two static members, `value` and
// `derivative`. Users can write their own.
#pragma once

#include <ratio>

#include "diffam/core/config.hpp"

namespace diffam {

/// The penalty |r|; its subgradient at 0 is 0.
struct absolute {
  template <class T>
  DIFFAM_HOST_DEVICE static constexpr T value(T r) {
    return r < T(0) ? -r : r;
  }
  template <class T>
  DIFFAM_HOST_DEVICE static constexpr T derivative(T r) {
    return r > T(0) ? T(1) : (r < T(0) ? T(-1) : T(0));
  }
};

/// The penalty r^2.
struct squared {
  template <class T>
  DIFFAM_HOST_DEVICE static constexpr T value(T r) {
    return r * r;
  }
  template <class T>
  DIFFAM_HOST_DEVICE static constexpr T derivative(T r) {
    return T(2) * r;
  }
};

/// The penalty r^2 / (2 delta) up to |r| = delta, then |r| - delta / 2 (Huber 1964, scaled to slope 1).
template <class Delta = std::ratio<1, 20>>  // a std::ratio, in the unit of the residual
struct huber {
  template <class T>
  static constexpr T delta = static_cast<T>(Delta::num) / static_cast<T>(Delta::den);

  template <class T>
  DIFFAM_HOST_DEVICE static constexpr T value(T r) {
    const T size = absolute::value(r);
    return size < delta<T> ? r * r / (T(2) * delta<T>) : size - delta<T> / T(2);
  }
  template <class T>
  DIFFAM_HOST_DEVICE static constexpr T derivative(T r) {
    return absolute::value(r) < delta<T> ? r / delta<T> : absolute::derivative(r);
  }
};

}  // namespace diffam
