// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The edge loss (Kim & Park 2024, section 2.4): L_E = (1 / |E|) sum over unique edges of |v_a - v_b|^2, over
// all meshes of a stack. Each vertex reads its edges from a table of neighbours, so value and gradient are
// gathers. The value counts each edge from both ends, half each time.
#pragma once

#include "diffam/component/component.hpp"
#include "diffam/mesh/topology.hpp"

namespace diffam {

/// The neighbours of every vertex: neighbour[first[v]] ... neighbour[first[v + 1] - 1].
struct neighbour_view {
  view<const stored_index> first;      // V + 1
  view<const stored_index> neighbour;  // 2 |E|
};

/// Half the sum of squared lengths of the edges at vertex v.
template <class T>
struct edge_term {
  view<const T> x;  // V x 3
  neighbour_view at;
  DIFFAM_HOST_DEVICE T operator()(index_t v) const {
    const vec3<T> p = load3(x, v);
    T sum = 0;
    for (stored_index i = at.first[v]; i < at.first[v + 1]; ++i)
      sum += squared_norm(p - load3(x, at.neighbour[i]));
    return sum / T(2);
  }
};

/// Kernel of one index: turns the sum into the mean.
template <class T>
struct edge_mean_kernel {
  view<T> y;
  T scale;
  DIFFAM_HOST_DEVICE void operator()(index_t) const { y[0] *= scale; }
};

/// Backward: d_v += d_L (2 / |E|) sum over neighbours u of (v - u).
template <class T>
struct edge_pullback_kernel {
  view<const T> x, d_y;
  neighbour_view at;
  T scale;  // 1 / |E|
  view<T> d_x;
  DIFFAM_HOST_DEVICE void operator()(index_t v) const {
    const vec3<T> p = load3(x, v);
    vec3<T> sum{};
    for (stored_index i = at.first[v]; i < at.first[v + 1]; ++i) sum += p - load3(x, at.neighbour[i]);
    add3(d_x, v, sum * (T(2) * scale * d_y[0]));
  }
};

/// Component: vertices (V x 3) -> edge loss (1 x 1).
template <real T,             // scalar
          exec::policy Exec>  // execution policy
class edge_loss {
 public:
  using scalar = T;
  using exec = Exec;

  struct workspace {
    view<T> scratch;
  };

  /// The loss over the unique edges of `faces`. Throws `diffam::error` if an index is not below
  /// `vertex_count` or there is no edge.
  edge_loss(const std::vector<face>& faces, index_t vertex_count) : vertices_(vertex_count) {
    require_indices("edge_loss", faces, vertex_count);
    const std::vector<edge> edges = unique_edges(faces);
    if (edges.empty()) throw error("edge_loss: expected at least one edge, got none");
    scale_ = static_cast<T>(1 / static_cast<double>(edges.size()));
    std::vector<stored_index> first(static_cast<std::size_t>(vertex_count) + 1, 0),
        neighbour(2 * edges.size());
    for (const edge& e : edges)
      for (int k = 0; k < 2; ++k) ++first[static_cast<std::size_t>(e[k]) + 1];
    for (std::size_t v = 1; v < first.size(); ++v) first[v] += first[v - 1];
    std::vector<stored_index> next = first;
    for (const edge& e : edges)
      for (int k = 0; k < 2; ++k)
        neighbour[static_cast<std::size_t>(next[static_cast<std::size_t>(e[k])]++)] = e[1 - k];
    first_ = upload_vector<typename Exec::memory>(first);
    neighbour_ = upload_vector<typename Exec::memory>(neighbour);
  }

  extent output_extent(extent in) const {
    require_extent("edge_loss", "vertices", {vertices_, 3}, in);
    return {1, 1};
  }
  workspace plan(arena& a, extent) const { return {a.take<T>(Exec::reduce_scratch(vertices_))}; }

  void forward(const Exec& e, view<const T> x, view<T> y, workspace& w) const {
    e.reduce(vertices_, edge_term<T>{x, table()}, y.data, w.scratch);
    e.for_each_index(1, edge_mean_kernel<T>{y, scale_});
  }

  void backward(const Exec& e, view<const T> x, view<const T> d_y, view<T> d_x, workspace&) const {
    if (d_x.empty()) return;
    e.for_each_index(vertices_, edge_pullback_kernel<T>{x, d_y, table(), scale_, d_x});
  }

 private:
  neighbour_view table() const { return {first_.get(), neighbour_.get()}; }

  index_t vertices_;
  T scale_ = 0;
  buffer<stored_index, typename Exec::memory> first_, neighbour_;
};

}  // namespace diffam
