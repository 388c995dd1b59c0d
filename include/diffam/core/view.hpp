// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A row-major view of memory that another object owns. All data between components has this form.
#pragma once

#include <string>

#include "diffam/core/config.hpp"
#include "diffam/core/error.hpp"
#include "diffam/core/vec.hpp"

namespace diffam {

/// Rows x columns. Coefficients, vertices (V x 3), distances (N x 1) and a loss (1 x 1) all have this
/// form.
struct extent {
  index_t rows = 0;
  index_t cols = 0;

  DIFFAM_HOST_DEVICE constexpr index_t size() const { return rows * cols; }
  friend constexpr bool operator==(const extent&, const extent&) = default;
};

/// "rows x cols", for messages.
inline std::string to_string(const extent& e) {
  return std::to_string(e.rows) + " x " + std::to_string(e.cols);
}

/// A row-major view of rows x cols elements. It does not own them.
template <class T>  // element type; `const T` for a read-only view
struct DIFFAM_POINTER(T) view {
  T* data = nullptr;
  index_t rows = 0;
  index_t cols = 1;

  constexpr view() = default;
  DIFFAM_HOST_DEVICE constexpr view(T* d, index_t r, index_t c = 1) : data(d), rows(r), cols(c) {}

  /// Converts a view of mutable elements to a view of const elements.
  template <class Mutable>
  requires(std::is_same_v<const Mutable, T> && !std::is_same_v<Mutable, T>)  //
      DIFFAM_HOST_DEVICE constexpr view(const view<Mutable>& x)
      : data(x.data), rows(x.rows), cols(x.cols) {}

  DIFFAM_HOST_DEVICE constexpr T& operator()(index_t i, index_t j) const {
    DIFFAM_ASSERT(i >= 0 && i < rows && j >= 0 && j < cols);
    return data[i * cols + j];
  }
  DIFFAM_HOST_DEVICE constexpr T& operator[](index_t i) const {
    DIFFAM_ASSERT(i >= 0 && i < size());
    return data[i];
  }
  DIFFAM_HOST_DEVICE constexpr T* row(index_t i) const { return data + i * cols; }
  DIFFAM_HOST_DEVICE constexpr index_t size() const { return rows * cols; }
  /// An empty view passed as a gradient means "not wanted".
  DIFFAM_HOST_DEVICE constexpr bool empty() const { return data == nullptr || size() == 0; }
  DIFFAM_HOST_DEVICE constexpr diffam::extent extent() const { return {rows, cols}; }
  /// The `count` rows from row `first`.
  DIFFAM_HOST_DEVICE constexpr view rows_from(index_t first, index_t count) const {
    DIFFAM_ASSERT(first >= 0 && count >= 0 && first + count <= rows);
    return {data + first * cols, count, cols};
  }
  T* begin() const { return data; }
  T* end() const { return data + size(); }
};

/// Row i of an n x 3 view as a vector.
template <class T>
DIFFAM_HOST_DEVICE constexpr vec3<std::remove_const_t<T>> load3(const view<T>& x, index_t i) {
  DIFFAM_ASSERT(i >= 0 && 3 * i + 3 <= x.size());
  const T* r = x.data + 3 * i;
  return {r[0], r[1], r[2]};
}

/// Writes a vector to row i of an n x 3 view.
template <class T>
DIFFAM_HOST_DEVICE constexpr void store3(const view<T>& x, index_t i, const vec3<T>& value) {
  DIFFAM_ASSERT(i >= 0 && 3 * i + 3 <= x.size());
  T* r = x.data + 3 * i;
  r[0] = value[0], r[1] = value[1], r[2] = value[2];
}

/// Adds a vector to row i of an n x 3 view.
template <class T>
DIFFAM_HOST_DEVICE constexpr void add3(const view<T>& x, index_t i, const vec3<T>& value) {
  DIFFAM_ASSERT(i >= 0 && 3 * i + 3 <= x.size());
  T* r = x.data + 3 * i;
  r[0] += value[0], r[1] += value[1], r[2] += value[2];
}

/// The shape check of all components. Throws `error` that names the component, the argument and both extents.
inline void require_extent(const char* component, const char* what, const extent& expected,
                           const extent& found) {
  if (expected == found) return;
  throw error(std::string(component) + ": expected " + what + " of " + to_string(expected) + ", got " +
              to_string(found));
}

/// The same check for the number of columns only.
inline void require_cols(const char* component, const char* what, index_t expected, const extent& found) {
  if (expected == found.cols) return;
  throw error(std::string(component) + ": expected " + what + " of n x " + std::to_string(expected) +
              ", got " + to_string(found));
}

}  // namespace diffam
