// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The appearance function as a table: f_theta (section 2.1) is a function of one variable, so its values at
// the nodes of a grid of distances can be the unknowns themselves. No network; a step costs next to nothing.
// Where a range ends the function goes on constant.
//
//     diffam::table<float, diffam::exec::threads> renderer({.range = {.nodes = 128}});  // N x 1 -> N x 1
#pragma once

#include <span>
#include <vector>

#include "diffam/component/component.hpp"
#include "diffam/render/node_grid.hpp"

namespace diffam {

struct table_params {
  node_range range{.nodes = 128};
  double start = 0.5;  // value of all nodes
};

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

  explicit table(params p = {}) : p_(p), grid_(checked(p.range)) {
    value_ = buffer<T, memory>(grid_.nodes);
    gradient_buffer_ = buffer<T, memory>(grid_.nodes);
    gradient_ = gradient_buffer_.get();
    const std::vector<T> start(static_cast<std::size_t>(grid_.nodes), static_cast<T>(p.start));
    set_parameters(std::span<const T>(start));
  }

  const params& get_params() const { return p_; }
  /// Distance of node k.
  T node_distance(index_t k) const { return grid_.distance(k); }

  /// The nodes' values.
  parameter_block<T> parameters() { return {value_.get(), gradient_}; }
  void set_parameters(std::span<const T> flat) {
    if (static_cast<index_t>(flat.size()) != value_.size())
      throw error("table: expected " + std::to_string(value_.size()) + " parameters, got " +
                  std::to_string(flat.size()));
    value_.upload(flat.data());
  }

  /// N x C -> N x 1: column 0 is the distance.
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

  static const node_range& checked(const node_range& r) {
    detail::require_valid<Interpolation>("table", r);
    return r;
  }

  params p_;
  detail::node_grid<T, Interpolation> grid_;
  buffer<T, memory> value_, gradient_buffer_;
  view<T> gradient_;  // of gradient_buffer_
};

}  // namespace diffam
