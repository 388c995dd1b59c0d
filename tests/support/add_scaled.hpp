// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A kernel that the small components of tests use.
#pragma once

#include "diffam/core/view.hpp"

namespace diffam::test {

/// y += scale x.
template <class T>
struct add_scaled_kernel {
  T scale;
  view<const T> x;
  view<T> y;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const { y[i] += scale * x[i]; }
};

}  // namespace diffam::test
