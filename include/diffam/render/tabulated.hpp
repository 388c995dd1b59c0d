// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The appearance function f_theta (Kim & Park 2024, section 2.1) through a grid of distances. The network
// runs only at the nodes, and the value of a point is interpolated between nodes. Backward propagates the
// gradient through the grid to theta and to d. Value and gradient are exact for the interpolated function;
// interpolation.hpp bounds its difference from the network. Outside the range the function is constant.
//
//     diffam::tabulated<float, diffam::exec::threads> renderer({.function = {.width = 64}});  // N x 1 each
#pragma once

#include <concepts>
#include <span>
#include <vector>

#include "diffam/render/mlp.hpp"
#include "diffam/render/node_grid.hpp"

namespace diffam {

/// Parameters of a tabulated function.
template <class Function>
struct tabulated_params {
  node_range range{};
  typename Function::params function{};
};

/// Component: distances (N x C, column 0) -> intensities (N x 1). The constructor throws `diffam::error` if
/// the range is not valid or the function has several inputs or outputs.
template <real T,                                     // scalar type
          exec::policy Exec,                          // execution policy
          class Interpolation = cubic_interpolation,  // or linear_interpolation
          class Function = mlp<T, Exec>>              // component with parameters, N x 1 -> N x 1
class tabulated {
 public:
  using scalar = T;
  using exec = Exec;
  using params = tabulated_params<Function>;

  struct workspace {
    view<T> values, d_values;  // K x 1
    view<T> partial;           // shards x K
    typename Function::workspace function;
  };

  tabulated() : tabulated(params{}) {}
  template <std::same_as<params> P = params>
  explicit tabulated(P p)
      : p_(p), grid_(detail::valid<Interpolation>("tabulated", p.range)), function_(p.function) {
    require_extent("tabulated", "a function with output", {grid_.nodes, 1},
                   function_.output_extent({grid_.nodes, 1}));
    std::vector<T> at(static_cast<std::size_t>(grid_.nodes));
    for (index_t k = 0; k < grid_.nodes; ++k) at[static_cast<std::size_t>(k)] = grid_.distance(k);
    distances_ = buffer<T, memory>(grid_.nodes);
    distances_.upload(at.data());
  }

  const params& get_params() const { return p_; }
  /// The function that runs at the nodes.
  Function& function() { return function_; }
  const Function& function() const { return function_; }

  parameter_block<T> parameters() { return function_.parameters(); }
  void set_parameters(std::span<const T> flat) { function_.set_parameters(flat); }

  /// N x C -> N x 1; column 0 of the input is the distance.
  extent output_extent(extent in) const {
    if (in.cols < 1) throw error("tabulated: expected input of n x 1 or more columns, got " + to_string(in));
    return {in.rows, 1};
  }
  workspace plan(arena& a, extent in) const {
    const index_t k = grid_.nodes;
    return {a.take<T>(k), a.take<T>(k), a.take<T>(detail::node_shard_count(in.rows), k),
            function_.plan(a, {k, 1})};
  }

  void forward(const Exec& e, view<const T> x, view<T> y, workspace& w) const {
    function_.forward(e, distances_.get(), w.values, w.function);
    e.for_each_index(x.rows, detail::node_value_kernel<T, Interpolation>{grid_, w.values, x, y});
  }
  void backward(const Exec& e, view<const T> x, view<const T> d_y, view<T> d_x, workspace& w) const {
    e.for_each_index(w.partial.rows,
                     detail::node_pullback_kernel<T, Interpolation>{grid_, w.values, x, d_y, d_x, w.partial},
                     1);
    e.fill(w.d_values, T(0));
    e.for_each_index(grid_.nodes, detail::node_gather_kernel<T>{w.partial, w.d_values});
    function_.backward(e, distances_.get(), w.d_values, {}, w.function);
  }

 private:
  using memory = typename Exec::memory;

  params p_;
  detail::node_grid<T, Interpolation> grid_;
  Function function_;
  buffer<T, memory> distances_;  // distances of the nodes
};

}  // namespace diffam
