// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The appearance function f_theta (Kim & Park 2024, section 2.1) as a table. It is a function of one
// variable, so the unknowns can be its values at the nodes of a grid of distances. There is no network, and
// an iteration is very cheap. Outside the range the function is constant.
//
//     diffam::table<float, diffam::exec::threads> renderer({.range = {.nodes = 128}});  // N x 1 -> N x 1
#pragma once

#include <concepts>
#include <span>
#include <vector>

#include "diffam/component/component.hpp"
#include "diffam/render/node_grid.hpp"

namespace diffam {

/// Parameters of the table.
struct table_params {
  node_range range{.nodes = 128};
  double start = 0.5;  // initial value of all nodes
};

/// Component: distances (N x C, column 0) -> intensities (N x 1). The constructor throws `diffam::error` if
/// the range is not valid.
template <real T,                                     // scalar type
          exec::policy Exec,                          // execution policy
          class Interpolation = cubic_interpolation>  // or linear_interpolation
class table {
 public:
  using scalar = T;
  using exec = Exec;
  using params = table_params;

  struct workspace {
    view<T> partial;  // shards x K
  };

  table() : table(params{}) {}
  template <std::same_as<params> P = params>
  explicit table(P p) : p_(p), grid_(detail::valid<Interpolation>("table", p.range)) {
    value_ = buffer<T, memory>(grid_.nodes);
    gradient_buffer_ = buffer<T, memory>(grid_.nodes);
    gradient_ = gradient_buffer_.get();
    const std::vector<T> start(static_cast<std::size_t>(grid_.nodes), static_cast<T>(p.start));
    set_parameters(std::span<const T>(start));
  }

  const params& get_params() const { return p_; }
  /// The distance of node k.
  T node_distance(index_t k) const { return grid_.distance(k); }

  /// The values of the nodes.
  parameter_block<T> parameters() { return {value_.get(), gradient_}; }
  void set_parameters(std::span<const T> flat) {
    if (static_cast<index_t>(flat.size()) != value_.size())
      throw error("table: expected " + std::to_string(value_.size()) + " parameters, got " +
                  std::to_string(flat.size()));
    value_.upload(flat.data());
  }

  /// N x C -> N x 1; column 0 of the input is the distance.
  extent output_extent(extent in) const {
    if (in.cols < 1) throw error("table: expected input of n x 1 or more columns, got " + to_string(in));
    return {in.rows, 1};
  }
  workspace plan(arena& a, extent in) const {
    return {a.take<T>(detail::node_shard_count(in.rows), grid_.nodes)};
  }

  void forward(const Exec& e, view<const T> x, view<T> y, workspace&) const {
    e.for_each_index(x.rows, detail::node_value_kernel<T, Interpolation>{grid_, value_.get(), x, y});
  }
  void backward(const Exec& e, view<const T> x, view<const T> d_y, view<T> d_x, workspace& w) const {
    e.for_each_index(
        w.partial.rows,
        detail::node_pullback_kernel<T, Interpolation>{grid_, value_.get(), x, d_y, d_x, w.partial}, 1);
    e.for_each_index(grid_.nodes, detail::node_gather_kernel<T>{w.partial, gradient_});
  }

 private:
  using memory = typename Exec::memory;

  params p_;
  detail::node_grid<T, Interpolation> grid_;
  buffer<T, memory> value_, gradient_buffer_;
  view<T> gradient_;  // the view of gradient_buffer_
};

}  // namespace diffam
