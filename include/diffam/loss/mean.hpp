// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A loss of your own from a pair of functors, the mean of a function of each row:
//
//     L = (1 / N) sum_i value(i, x_i),     dL/dx_ik = (1 / N) derivative(i, x_i, k)
//
//     auto loss = make_mean_loss<float, exec>(
//         [t](index_t i, const float* x) { return std::log(std::cosh(x[0] - t[i])); },
//         [t](index_t i, const float* x, index_t) { return std::tanh(x[0] - t[i]); });
//
// The functors are copied, with what they capture: views and numbers. On a GPU they are named types with
// `DIFFAM_HOST_DEVICE` operators.
#pragma once

#include <concepts>
#include <utility>

#include "diffam/component/component.hpp"

namespace diffam {

/// The value of row i, whose numbers begin at x.
template <class F, class T>
concept row_value = requires(const F& f, index_t i, const T* x) {
  { f(i, x) } -> std::convertible_to<T>;
};

/// Its derivative by number k of the row.
template <class F, class T>
concept row_derivative = requires(const F& f, index_t i, const T* x, index_t k) {
  { f(i, x, k) } -> std::convertible_to<T>;
};

template <class T, class Value>
struct mean_term {
  Value value;
  view<const T> x;
  T share;  // 1 / N
  DIFFAM_HOST_DEVICE T operator()(index_t i) const { return share * static_cast<T>(value(i, x.row(i))); }
};

template <class T, class Derivative>
struct mean_pullback_kernel {
  Derivative derivative;
  view<const T> x, d_y;
  view<T> d_x;
  T share;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const T d = d_y[0] * share;
    for (index_t k = 0; k < x.cols; ++k) d_x(i, k) += d * static_cast<T>(derivative(i, x.row(i), k));
  }
};

/// Component: N x C -> 1 x 1, the mean of a function of each row.
template <real T,                        // scalar
          exec::policy Exec,             // execution policy
          row_value<T> Value,            // copyable, does not throw
          row_derivative<T> Derivative>  // the same
class mean_loss {
 public:
  using scalar = T;
  using exec = Exec;
  struct workspace {
    view<T> scratch;
  };

  mean_loss(Value value, Derivative derivative)
      : value_(std::move(value)), derivative_(std::move(derivative)) {}

  /// Throws `error` for an input without rows or columns.
  extent output_extent(extent in) const {
    if (in.rows < 1 || in.cols < 1)
      throw error("mean_loss: expected input of at least 1 x 1, got " + to_string(in));
    return {1, 1};
  }
  workspace plan(arena& a, extent in) const { return {a.take<T>(Exec::reduce_scratch(in.rows))}; }
  void forward(const Exec& e, view<const T> x, view<T> y, workspace& w) const {
    e.reduce(x.rows, mean_term<T, Value>{value_, x, T(1) / static_cast<T>(x.rows)}, y.data, w.scratch);
  }
  void backward(const Exec& e, view<const T> x, view<const T> d_y, view<T> d_x, workspace&) const {
    if (d_x.empty()) return;
    e.for_each_index(
        x.rows, mean_pullback_kernel<T, Derivative>{derivative_, x, d_y, d_x, T(1) / static_cast<T>(x.rows)});
  }

 private:
  Value value_;
  Derivative derivative_;
};

/// Makes a loss from a function of a row and its derivative.
template <real T, exec::policy Exec, row_value<T> Value, row_derivative<T> Derivative>
mean_loss<T, Exec, Value, Derivative> make_mean_loss(Value value, Derivative derivative) {
  return {std::move(value), std::move(derivative)};
}

}  // namespace diffam
