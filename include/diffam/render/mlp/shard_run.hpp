// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The forward and backward pass of the renderer by shards of points.
#pragma once

#include "diffam/exec/policy.hpp"
#include "diffam/render/mlp/backward.hpp"
#include "diffam/render/mlp/forward.hpp"

namespace diffam::detail {

inline constexpr index_t mlp_grain = 2048;    // elements for each chunk of work
inline constexpr index_t mlp_row_grain = 32;  // rows of weights for each chunk of work

template <class T, exec::policy Exec>
void run_mlp_shards(const Exec& e, const mlp_shards<T>& f, view<const T> flat, view<const T> x, view<T> y) {
  e.for_each_index(x.rows, mlp_key_kernel<T>{x, f.sort}, mlp_grain);
  e.sort_pairs(f.sort, 32);
  e.for_each_index(mlp_fold_rows_kernel<T>::rows(f), mlp_fold_rows_kernel<T>{f, flat}, mlp_row_grain);
  e.for_each_index(f.shards(), mlp_forward_kernel<T>{f, x, y}, 1);
}

template <class T, exec::policy Exec>
void pull_mlp_shards(const Exec& e, const mlp_shards<T>& f, view<const T> flat, view<const T> x,
                     view<const T> d_y, view<T> d_x, view<T> gradient) {
  e.for_each_index(f.shards(), mlp_backward_kernel<T>{f, x, d_y, d_x}, 1);
  e.for_each_index(f.total.rows, mlp_gather_kernel<T>{f.partial, f.total}, mlp_grain);
  const mlp_layout<T>& s = f.layout.flat;
  e.for_each_index(s.hidden_layers * s.width + 1,
                   mlp_unfold_rows_kernel<T>{{f.layout, flat, f.total}, gradient}, mlp_row_grain);
}

}  // namespace diffam::detail
