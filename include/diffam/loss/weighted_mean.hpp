// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The mean that losses over samples share: sum(weight * term) / sum(weight), and 0 with zero gradient where
// no sample counts.
#pragma once

#include "diffam/core/arena.hpp"
#include "diffam/exec/policy.hpp"

namespace diffam::detail {

/// Memory of a weighted mean over n samples.
template <class T>
struct mean_workspace {
  view<T> sums;     // sum(weight * term), sum(weight)
  view<T> inverse;  // 1 / sum(weight), or 0
  view<T> scratch;
};

template <class T, class Exec>
mean_workspace<T> plan_mean(arena& a, index_t n) {
  return {a.take<T>(2), a.take<T>(1), a.take<T>(Exec::reduce_scratch(n))};
}

/// Term i as it is.
template <class T>
struct stored_term {
  view<const T> terms;
  DIFFAM_HOST_DEVICE T operator()(index_t i) const { return terms[i]; }
};

/// Kernel of one index: the quotient.
template <class T>
struct mean_kernel {
  mean_workspace<T> w;
  view<T> y;  // 1 x 1
  DIFFAM_HOST_DEVICE void operator()(index_t) const {
    w.inverse[0] = w.sums[1] > T(0) ? T(1) / w.sums[1] : T(0);
    y[0] = w.sums[0] * w.inverse[0];
  }
};

/// y = sum(terms) / sum(weights); `terms` are weighted already.
template <class Exec, class T>
void weighted_mean(const Exec& e, view<const T> terms, view<const T> weights,
                   const mean_workspace<std::type_identity_t<T>>& w, view<std::type_identity_t<T>> y) {
  e.reduce(terms.rows, stored_term<T>{terms}, &w.sums[0], w.scratch);
  e.reduce(terms.rows, stored_term<T>{weights}, &w.sums[1], w.scratch);
  e.for_each_index(1, mean_kernel<T>{w, y});
}

}  // namespace diffam::detail
