// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Rows of three numbers (points, vertices, faces) in memory of any layout: Eigen matrices and maps (row or
// column major), ranges of std::array or vec3, views, raw pointers with strides. Nothing is copied.
//
//     rows_of(matrix)                  // Eigen, N x 3
//     rows_of(points)                  // std::vector<std::array<float, 3>>, std::span<const vec3<double>>,
//     ... strided_rows(pointer, n, 4)      // n points, each 4 numbers after the one before
#pragma once

#include <array>
#include <concepts>
#include <ranges>
#include <utility>

#include "diffam/core/view.hpp"

namespace diffam {

/// N rows of three numbers. It does not own them.
template <class T>  // type of the numbers
struct DIFFAM_POINTER(T) strided_rows {
  const T* data = nullptr;
  index_t rows = 0;
  index_t row_step = 3, column_step = 1;  // numbers from one row, or column, to the next

  strided_rows() = default;
  strided_rows(const T* d, index_t n, index_t row = 3, index_t column = 1)
      : data(d), rows(n), row_step(row), column_step(column) {}

  DIFFAM_HOST_DEVICE T operator()(index_t i, int k) const { return data[i * row_step + k * column_step]; }
  /// Whether the numbers lie one after the other, row by row.
  bool packed() const { return row_step == 3 && column_step == 1; }
};

namespace detail {

/// A type that consists of three numbers and nothing else.
template <class X>
inline constexpr bool is_triple = false;
template <class T>
inline constexpr bool is_triple<std::array<T, 3>> = true;
template <class T>
inline constexpr bool is_triple<vec<T, 3>> = true;

/// A range of triples in one piece of memory.
template <class R>
concept triple_range = std::ranges::contiguous_range<R> && is_triple<std::ranges::range_value_t<R>>;

/// An Eigen matrix or map: its members, without Eigen's header.
template <class M>
concept strided_matrix = requires(const M& m) {
  m.data();
  m.rows();
  m.cols();
  m.rowStride();
  m.colStride();
};

}  // namespace detail

template <class T>
strided_rows<T> rows_of(const strided_rows<T>& x) {
  return x;
}
/// Throws `error` if the view does not have three columns.
template <class T>
strided_rows<std::remove_const_t<T>> rows_of(const view<T>& x) {
  require_cols("rows_of", "a view", 3, x.extent());
  return {x.data, x.rows};
}
template <detail::triple_range R>
auto rows_of(const R& x DIFFAM_LIFETIMEBOUND) {
  using number = std::remove_cvref_t<decltype((*std::ranges::data(x))[0])>;
  static_assert(sizeof(*std::ranges::data(x)) == 3 * sizeof(number));
  const auto n = static_cast<index_t>(std::ranges::size(x));
  return strided_rows<number>(n > 0 ? &(*std::ranges::data(x))[0] : nullptr, n);
}
/// The rows of a range that dies at the end of the statement.
template <detail::triple_range R>
requires(!std::is_lvalue_reference_v<R> && !std::ranges::borrowed_range<R>)  //
    void rows_of(R&&) = delete;
/// Throws `error` if the matrix does not have three columns.
template <detail::strided_matrix M>
auto rows_of(const M& m DIFFAM_LIFETIMEBOUND) {
  using number = std::remove_cvref_t<decltype(*m.data())>;
  require_cols("rows_of", "a matrix", 3, {static_cast<index_t>(m.rows()), static_cast<index_t>(m.cols())});
  return strided_rows<number>(m.data(), static_cast<index_t>(m.rows()), static_cast<index_t>(m.rowStride()),
                              static_cast<index_t>(m.colStride()));
}

/// A type that `rows_of` accepts.
template <class X>
concept row_source = requires(const X& x) {
  rows_of(x);
};

/// The type of its numbers.
template <row_source X>
using row_scalar = std::remove_cvref_t<decltype(rows_of(std::declval<const X&>())(index_t{}, int{}))>;

}  // namespace diffam
