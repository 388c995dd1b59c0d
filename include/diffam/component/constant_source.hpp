// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Fixed values as a component, the start of a pipeline that has nothing to learn there. It has no input
// (0 x 0) and no unknowns.
//
//     auto model = pipeline(constant_source<float, exec>(inputs), mlp<float, exec>({.inputs = 2}), loss);
#pragma once

#include "diffam/component/component.hpp"

namespace diffam {

/// The output is a copy of the values.
template <real T,             // scalar
          exec::policy Exec>  // execution policy
class constant_source {
 public:
  using scalar = T;
  using exec = Exec;
  struct workspace {};

  /// Copies `values` (host memory, any extent). Throws `error` if there is none.
  template <class From>
  explicit constant_source(view<From> values) {
    if (values.size() == 0)
      throw error("constant_source: expected at least one value, got " + to_string(values.extent()));
    buffer<T> host(values.rows, values.cols);
    for (index_t i = 0; i < values.size(); ++i) host.data()[i] = static_cast<T>(values[i]);
    value_ = make_buffer<typename Exec::memory>(host.get());
  }

  extent output_extent(extent in) const {
    require_extent("constant_source", "input (a source has none)", {0, 0}, in);
    return value_.get().extent();
  }
  workspace plan(arena&, extent) const { return {}; }
  void forward(const Exec& e, view<const T>, view<T> y, workspace&) const { e.copy(value_.get(), y); }
  void backward(const Exec&, view<const T>, view<const T>, view<T>, workspace&) const {}

 private:
  buffer<T, typename Exec::memory> value_;
};

}  // namespace diffam
