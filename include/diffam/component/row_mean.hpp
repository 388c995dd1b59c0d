// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The mean of every K rows that follow one another:
//     row_mean<T, Exec>(K)    N K x C -> N x C    y(i, j) = 1/K sum_k x(i K + k, j)
#pragma once

#include <string>

#include "diffam/component/component.hpp"

namespace diffam {

/// Kernel of value i of the output.
template <class T>
struct row_mean_kernel {
  view<const T> x;
  view<T> y;
  index_t count;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const index_t row = i / y.cols, col = i % y.cols;
    T sum = x(row * count, col);
    for (index_t k = 1; k < count; ++k) sum += x(row * count + k, col);
    y(row, col) = sum * (T(1) / static_cast<T>(count));
  }
};

/// Backward of value i of the input.
template <class T>
struct row_mean_pullback_kernel {
  view<const T> d_y;
  view<T> d_x;
  index_t count;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const index_t row = i / d_x.cols, col = i % d_x.cols;
    d_x(row, col) += d_y(row / count, col) * (T(1) / static_cast<T>(count));
  }
};

/// Component: N K x C -> N x C. The constructor throws `diffam::error` if K < 1, and `output_extent` if the
/// number of rows is not a multiple of K.
template <real T,             // scalar
          exec::policy Exec>  // execution policy
class row_mean {
 public:
  using scalar = T;
  using exec = Exec;
  struct workspace {};

  explicit row_mean(index_t count = 1) : count_(count) {
    if (count < 1) throw error("row_mean: expected at least one row, got " + std::to_string(count));
  }

  extent output_extent(extent in) const {
    if (in.rows % count_ != 0)
      throw error("row_mean: expected a multiple of " + std::to_string(count_) + " rows, got " +
                  to_string(in));
    return {in.rows / count_, in.cols};
  }
  workspace plan(arena&, extent) const { return {}; }
  void forward(const Exec& e, view<const T> x, view<T> y, workspace&) const {
    e.for_each_index(y.size(), row_mean_kernel<T>{x, y, count_});
  }
  void backward(const Exec& e, view<const T>, view<const T> d_y, view<T> d_x, workspace&) const {
    if (!d_x.empty()) e.for_each_index(d_x.size(), row_mean_pullback_kernel<T>{d_y, d_x, count_});
  }

 private:
  index_t count_;
};

}  // namespace diffam
