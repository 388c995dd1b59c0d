// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Parameters as a component, the start of a pipeline. It has no input (0 x 0); the output is its parameter
// block.
#pragma once

#include "diffam/component/component.hpp"

namespace diffam {

/// gradient += d_y. Not a member: nvcc refuses kernels that are private to a class.
template <class T>
struct add_gradient_kernel {
  view<const T> from;
  view<T> to;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const { to[i] += from[i]; }
};

/// A parameter block whose value is the output.
template <real T,             // scalar
          exec::policy Exec>  // execution policy
class coefficients {
 public:
  using scalar = T;
  using exec = Exec;
  struct workspace {};

  /// Starts with the values of `initial` (host memory). Throws `error` if it is empty.
  template <class From>
  explicit coefficients(view<From> initial)
      : value_(initial.rows, initial.cols), gradient_(initial.rows, initial.cols) {
    if (initial.size() == 0)
      throw error("coefficients: expected at least one value, got " + to_string(initial.extent()));
    set(initial);
  }

  extent output_extent(extent in) const {
    require_extent("coefficients", "input (a source has none)", {0, 0}, in);
    return value_.get().extent();
  }
  workspace plan(arena&, extent) const { return {}; }
  parameter_block<T> parameters() { return {value_.get(), gradient_.get()}; }

  void forward(const Exec& e, view<const T>, view<T> y, workspace&) const { e.copy(value_.get(), y); }

  void backward(const Exec& e, view<const T>, view<const T> d_y, view<T>, workspace&) const {
    e.for_each_index(d_y.size(), add_gradient_kernel<T>{d_y, gradient_.get()});
  }

  /// Copies the values from and to host memory. For set-up and results: synchronises.
  template <class From>
  void set(view<From> values) {
    require_extent("coefficients", "values", value_.get().extent(), values.extent());
    buffer<T> host(values.rows, values.cols);
    for (index_t i = 0; i < values.size(); ++i) host.data()[i] = static_cast<T>(values[i]);
    value_.upload(host.data());
  }
  buffer<T> get() const {
    buffer<T> host(value_.get().rows, value_.get().cols);
    value_.download(host.data());
    return host;
  }

 private:
  buffer<T, typename Exec::memory> value_;
  mutable buffer<T, typename Exec::memory> gradient_;  // backward adds to it
};

}  // namespace diffam
