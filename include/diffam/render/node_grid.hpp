// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A function of one variable, given by its values at the nodes of a uniform grid: interpolation, and
// gradients with respect to the nodes and the variable. Outside its range the function is constant: the
// distance is clamped and the derivative is 0. If the distance is not finite, the result is not finite.
#pragma once

#include <cmath>
#include <string>

#include "diffam/core/view.hpp"
#include "diffam/render/interpolation.hpp"

namespace diffam {

/// The range of a function, and the number of its values.
struct node_range {
  index_t nodes = 1024;
  double first = -1;  // range of distances
  double last = 1;
};

namespace detail {

/// The position of a distance in the grid.
template <class T>
struct node_place {
  index_t first;  // first of the `width` nodes on which the value depends
  T fraction;     // fraction of the cell
  bool inside;    // whether the distance is inside the range
};

/// The uniform grid. Its nodes fill the range. If the interpolation needs nodes beyond a cell, the grid has
/// extra nodes at both ends of the range.
template <class T, class Interpolation>
struct node_grid {
  T first, inverse_step, cells;  // `cells`: number of cells, as T for comparisons
  index_t nodes;

  explicit node_grid(const node_range& r)
      : first(static_cast<T>(r.first)),
        inverse_step(
            static_cast<T>(static_cast<double>(r.nodes - Interpolation::width + 1) / (r.last - r.first))),
        cells(static_cast<T>(r.nodes - Interpolation::width + 1)),
        nodes(r.nodes) {}

  DIFFAM_HOST_DEVICE T distance(index_t node) const {
    return first + static_cast<T>(node - Interpolation::lead) / inverse_step;
  }
  DIFFAM_HOST_DEVICE node_place<T> place(T d) const {
    const T u = (d - first) * inverse_step;
    const bool inside = u > T(0) && u < cells;
    const T at = inside ? u : (u >= cells ? cells : T(0));
    const T last = cells - T(1);
    const auto cell = static_cast<index_t>(at < last ? at : last);
    return {cell, at - static_cast<T>(cell) + (u - u), inside};  // u - u: 0, or NaN if u is not finite
  }
};

/// The range itself. Throws `diffam::error`, with `who` as the component, if it is not valid.
template <class Interpolation>
const node_range& valid(const char* who, const node_range& r) {
  const index_t least = Interpolation::width;
  if (r.nodes < least)
    throw error(std::string(who) + ": expected nodes >= " + std::to_string(least) + ", got " +
                std::to_string(r.nodes));
  if (!(r.first < r.last) || !std::isfinite(r.first) || !std::isfinite(r.last))
    throw error(std::string(who) + ": expected a finite range with first < last, got " +
                std::to_string(r.first) + " to " + std::to_string(r.last));
  return r;
}

template <class T, class Interpolation>
struct node_value_kernel {
  node_grid<T, Interpolation> grid;
  view<const T> nodes;  // K x 1
  view<const T> x;      // N x C: column 0
  view<T> y;            // N x 1
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const node_place<T> p = grid.place(x(i, 0));
    const auto weight = Interpolation::value(p.fraction);
    const T* t = nodes.data + p.first;
    T sum = weight[0] * t[0];
    for (int k = 1; k < Interpolation::width; ++k) sum += weight[k] * t[k];
    y[i] = sum;
  }
};

/// Number of shards of points. It depends only on the number of points. A shard sums the gradients of its own
/// points.
constexpr index_t node_shard_count(index_t points) {
  const index_t most = 16, least_points = 512;
  const index_t shards = (points + least_points - 1) / least_points;
  return shards < most ? shards : most;
}

template <class T, class Interpolation>
struct node_pullback_kernel {
  node_grid<T, Interpolation> grid;
  view<const T> nodes;  // K x 1
  view<const T> x;      // N x C: column 0
  view<const T> d_y;    // N x 1
  view<T> d_x;          // N x C: adds to column 0; may be empty
  view<T> partial;      // shards x K, written
  DIFFAM_HOST_DEVICE void operator()(index_t shard) const {
    T* sums = partial.row(shard);
    for (index_t k = 0; k < partial.cols; ++k) sums[k] = T(0);
    const index_t end = x.rows * (shard + 1) / partial.rows;
    for (index_t i = x.rows * shard / partial.rows; i < end; ++i) {
      const node_place<T> p = grid.place(x(i, 0));
      const T d = d_y[i];
      const auto weight = Interpolation::value(p.fraction);
      T* to = sums + p.first;
      for (int k = 0; k < Interpolation::width; ++k) to[k] += weight[k] * d;
      if (!d_x.empty() && p.inside) d_x(i, 0) += d * slope_at(p);
    }
  }

 private:
  DIFFAM_HOST_DEVICE T slope_at(const node_place<T>& p) const {
    const auto weight = Interpolation::slope(p.fraction);
    const T* t = nodes.data + p.first;
    T sum = weight[0] * t[0];
    for (int k = 1; k < Interpolation::width; ++k) sum += weight[k] * t[k];
    return sum * grid.inverse_step;
  }
};

/// Adds the sums of all shards at node k, in order, to d_nodes.
template <class T>
struct node_gather_kernel {
  view<const T> partial;  // shards x K
  view<T> d_nodes;        // K x 1
  DIFFAM_HOST_DEVICE void operator()(index_t k) const {
    T sum = T(0);
    for (index_t s = 0; s < partial.rows; ++s) sum += partial(s, k);  // no shard if there is no point
    d_nodes[k] += sum;
  }
};

}  // namespace detail
}  // namespace diffam
