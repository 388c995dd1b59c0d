// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The weighted mean over samples: sum(weight * term) / sum(weight). If no sample counts, value and gradient
// are 0.
#pragma once

#include "diffam/core/arena.hpp"
#include "diffam/core/vec.hpp"
#include "diffam/exec/policy.hpp"

namespace diffam::detail {

/// Memory of a weighted mean over n samples.
template <class T>
struct mean_workspace {
  view<vec<T, 2>> sums;  // 1: sum(weight * term), sum(weight)
  view<T> inverse;       // 1 / sum(weight), or 0
  view<vec<T, 2>> scratch;

  const T* sum_of_weights() const { return sums.data->v + 1; }
};

template <class T, class Exec>
mean_workspace<T> plan_mean(arena& a, index_t n) {
  return {a.take<vec<T, 2>>(1), a.take<T>(1), a.take<vec<T, 2>>(Exec::reduce_scratch(n))};
}

/// Term i and weight i.
template <class T>
struct weighted_term {
  view<const T> terms, weights;
  DIFFAM_HOST_DEVICE vec<T, 2> operator()(index_t i) const { return {terms[i], weights[i]}; }
};

/// Kernel of one index: computes the quotient.
template <class T>
struct mean_kernel {
  mean_workspace<T> w;
  view<T> y;  // 1 x 1
  DIFFAM_HOST_DEVICE void operator()(index_t) const {
    const vec<T, 2> sum = w.sums[0];
    w.inverse[0] = sum[1] > T(0) ? T(1) / sum[1] : T(0);
    y[0] = sum[0] * w.inverse[0];
  }
};

/// y = sum(terms) / sum(weights). The terms must already be weighted.
template <class Exec, class T>
void weighted_mean(const Exec& e, view<const T> terms, view<const T> weights,
                   const mean_workspace<std::type_identity_t<T>>& w, view<std::type_identity_t<T>> y) {
  e.reduce(terms.rows, weighted_term<T>{terms, weights}, w.sums.data, w.scratch);
  e.for_each_index(1, mean_kernel<T>{w, y});
}

}  // namespace diffam::detail
