// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Views of the elements of containers: std::vector, std::span, std::array, thrust::device_vector, and any
// other that has `data()` and `size()`. Nothing is copied, and the memory stays where it is: a view of a
// device_vector is for the policy `exec::cuda`.
//
//     thrust::device_vector<float> points(3 * n);
//     mesh_distance<float, exec::cuda> distance(mesh, view_of(points, 3));   // n x 3
//     view_of(device_pointer, n, 3)                                          // thrust::device_ptr<float>
#pragma once

#include <string>
#include <type_traits>

#include "diffam/core/view.hpp"

namespace diffam {

namespace detail {
template <class T>
T* raw_pointer(T* p) {
  return p;
}
/// For a class that wraps a pointer and has `get()`, such as thrust::device_ptr.
template <class P>
requires std::is_pointer_v<decltype(std::declval<const P&>().get())>
auto raw_pointer(const P& p) {
  return p.get();
}
}  // namespace detail

/// A container or range with its elements in one piece of memory.
template <class C>
concept element_container = requires(C& c) {
  detail::raw_pointer(c.data());
  c.size();
};

/// The elements of a container as rows of `cols` elements. The view must not outlive the container's memory.
/// Throws `error` if the size is not a multiple of `cols`.
template <element_container C>
auto view_of(C& c DIFFAM_LIFETIMEBOUND, index_t cols = 1) {
  auto* const data = detail::raw_pointer(c.data());
  const auto size = static_cast<index_t>(c.size());
  if (cols < 1 || size % cols != 0)
    throw error("view_of: expected a number of elements that is a multiple of " + std::to_string(cols) +
                ", got " + std::to_string(size));
  return view<std::remove_pointer_t<std::remove_const_t<decltype(data)>>>(data, size / cols, cols);
}

/// Not for a container that dies at the end of the statement.
template <element_container C>
requires(!std::is_lvalue_reference_v<C>)  //
    void view_of(C&& c, index_t cols = 1) = delete;

/// rows x cols elements from a pointer, raw or of a class such as thrust::device_ptr.
template <class P>
requires requires(const P& p) {
  detail::raw_pointer(p);
}
auto view_of(const P& p, index_t rows, index_t cols) {
  return view<std::remove_pointer_t<decltype(detail::raw_pointer(p))>>(detail::raw_pointer(p), rows, cols);
}

}  // namespace diffam
