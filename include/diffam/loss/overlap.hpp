// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The overlap loss (Kim & Park 2024, section 2.4): the sum over samples of column 1 of `scene_distance`,
// which is the sum over pairs of meshes of ReLU(-d_a) ReLU(-d_b).
#pragma once

#include "diffam/component/component.hpp"

namespace diffam {

/// Column 1 of row i.
template <class T>
struct overlap_term {
  view<const T> x;  // N x 2
  DIFFAM_HOST_DEVICE T operator()(index_t i) const { return x(i, 1); }
};

template <class T>
struct overlap_pullback_kernel {
  view<const T> d_y;
  view<T> d_x;  // N x 2
  DIFFAM_HOST_DEVICE void operator()(index_t i) const { d_x(i, 1) += d_y[0]; }
};

/// Component: distances and overlaps (N x 2) -> overlap loss (1 x 1).
template <real T,             // scalar
          exec::policy Exec>  // execution policy
class overlap_loss {
 public:
  using scalar = T;
  using exec = Exec;

  struct workspace {
    view<T> scratch;
  };

  extent output_extent(extent in) const {
    require_cols("overlap_loss", "distances and overlaps", 2, in);
    return {1, 1};
  }
  workspace plan(arena& a, extent in) const { return {a.take<T>(Exec::reduce_scratch(in.rows))}; }

  void forward(const Exec& e, view<const T> x, view<T> y, workspace& w) const {
    e.reduce(x.rows, overlap_term<T>{x}, y.data, w.scratch);
  }
  void backward(const Exec& e, view<const T> x, view<const T> d_y, view<T> d_x, workspace&) const {
    if (!d_x.empty()) e.for_each_index(x.rows, overlap_pullback_kernel<T>{d_y, d_x});
  }
};

}  // namespace diffam
