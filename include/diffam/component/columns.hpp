// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Columns joined and split:
//     join_columns(a, b, ...)      x -> [a(x) | b(x) | ...], parts with equal numbers of rows
//     columns<T, Exec>(first, count)   N x C -> N x count: the columns [first, first + count)
// A function of two distances, for example, is
//     pipeline(join_columns(distance_to_a, distance_to_b), mlp<float, exec>({.inputs = 2}))
#pragma once

#include <string>
#include <utility>

#include "diffam/component/pipeline.hpp"

namespace diffam {

/// y(i, to + j) = x(i, from + j), for index i cols + j.
template <class T>
struct copy_columns_kernel {
  view<const T> x;
  view<T> y;
  index_t from, to, cols;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    y(i / cols, to + i % cols) = x(i / cols, from + i % cols);
  }
};

/// Pullback of the copy: d_x(i, from + j) += d_y(i, to + j).
template <class T>
struct copy_columns_pullback_kernel {
  view<const T> d_y;
  view<T> d_x;
  index_t from, to, cols;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    d_x(i / cols, from + i % cols) += d_y(i / cols, to + i % cols);
  }
};

/// Component: N x C -> N x count, some columns of the input.
template <real T,             // scalar
          exec::policy Exec>  // execution policy
class columns {
 public:
  using scalar = T;
  using exec = Exec;
  struct workspace {};

  /// The columns [first, first + count). Throws `error` if first < 0 or count < 1.
  columns(index_t first, index_t count) : first_(first), count_(count) {
    if (first < 0 || count < 1)
      throw error("columns: expected first >= 0 and count >= 1, got " + std::to_string(first) + " and " +
                  std::to_string(count));
  }

  extent output_extent(extent in) const {
    if (in.cols < first_ + count_)
      throw error("columns: expected input of n x " + std::to_string(first_ + count_) +
                  " or more columns, got " + to_string(in));
    return {in.rows, count_};
  }
  workspace plan(arena&, extent) const { return {}; }
  void forward(const Exec& e, view<const T> x, view<T> y, workspace&) const {
    e.for_each_index(y.size(), copy_columns_kernel<T>{x, y, first_, 0, count_});
  }
  void backward(const Exec& e, view<const T>, view<const T> d_y, view<T> d_x, workspace&) const {
    if (d_x.empty()) return;
    e.for_each_index(d_y.size(), copy_columns_pullback_kernel<T>{d_y, d_x, first_, 0, count_});
  }

 private:
  index_t first_, count_;
};

/// [First(x) | Second(x)]. More than two parts nest to the right.
template <component First,   // the left columns
          component Second>  // the right columns
class joined : public detail::two_parts<First, Second> {
  using parts = detail::two_parts<First, Second>;

 public:
  using parts::first;
  using parts::second;
  using scalar = typename parts::scalar;
  using exec = typename parts::exec;

  struct workspace {
    typename First::workspace first;
    typename Second::workspace second;
    view<scalar> left, right;      // outputs of the parts
    view<scalar> d_left, d_right;  // their gradients
  };

  joined(First first, Second second) : parts(std::move(first), std::move(second)) {}

  extent output_extent(extent in) const {
    const extent left = first().output_extent(in), right = second().output_extent(in);
    if (left.rows != right.rows)
      throw error("join_columns: expected parts with equal numbers of rows, got " + to_string(left) +
                  " and " + to_string(right));
    return {left.rows, left.cols + right.cols};
  }
  workspace plan(arena& a, extent in) const {
    const extent left = first().output_extent(in), right = second().output_extent(in);
    workspace w{first().plan(a, in), second().plan(a, in), {}, {}, {}, {}};
    w.left = a.take<scalar>(left.rows, left.cols);
    w.right = a.take<scalar>(right.rows, right.cols);
    w.d_left = a.take<scalar>(left.rows, left.cols);
    w.d_right = a.take<scalar>(right.rows, right.cols);
    return w;
  }

  void forward(const exec& e, view<const scalar> x, view<scalar> y, workspace& w) const {
    first().forward(e, x, w.left, w.first);
    second().forward(e, x, w.right, w.second);
    using kernel = copy_columns_kernel<scalar>;
    e.for_each_index(w.left.size(), kernel{w.left, y, 0, 0, w.left.cols});
    e.for_each_index(w.right.size(), kernel{w.right, y, 0, w.left.cols, w.right.cols});
  }
  void backward(const exec& e, view<const scalar> x, view<const scalar> d_y, view<scalar> d_x,
                workspace& w) const {
    using kernel = copy_columns_kernel<scalar>;
    e.for_each_index(w.left.size(), kernel{d_y, w.d_left, 0, 0, w.left.cols});
    e.for_each_index(w.right.size(), kernel{d_y, w.d_right, w.left.cols, 0, w.right.cols});
    first().backward(e, x, w.d_left, d_x, w.first);
    second().backward(e, x, w.d_right, d_x, w.second);
  }
};

/// Gives every part the same input, and puts their outputs side by side, from left to right. The join of one
/// part is the part.
template <class... Parts>
auto join_columns(Parts... parts) {
  const auto two = [](auto a, auto b) { return joined(std::move(a), std::move(b)); };
  return detail::nested(two, std::move(parts)...);
}

}  // namespace diffam
