// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The wall loss penalises points (rows of the input) beyond a plane:
//
//     L_W = sum over walls of the mean over its rows of ReLU(outward . (x_r - point))^2.
//
// In a fit the points are vertices (of an end plate) or unknowns (the centre of a vertebra). The loss is not
// in the paper. Without it, the ends of the chain can slide onto the next bone.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "diffam/component/component.hpp"
#include "diffam/loss/plane.hpp"
#include "diffam/mesh/topology.hpp"

namespace diffam {

/// One wall, and the rows that it keeps before its plane.
struct wall {
  plane<double> at;
  std::vector<stored_index> rows;  // no row twice
};

/// ReLU(b)^2 and its derivative, where b is the distance of a point beyond the plane.
template <class T>
struct wall_penalty {
  DIFFAM_HOST_DEVICE static T value(T b) { return b > T(0) ? b * b : T(0); }
  DIFFAM_HOST_DEVICE static T pullback(T b) { return b > T(0) ? T(2) * b : T(0); }
};

/// A row of a wall, and its weight in the mean of the wall.
template <class T>
struct held_row {
  plane<T> at;
  T share;
  stored_index row;
};

template <class T>
struct wall_term {
  view<const T> x;
  const held_row<T>* rows;
  DIFFAM_HOST_DEVICE T operator()(index_t i) const {
    const held_row<T>& h = rows[i];
    return h.share * wall_penalty<T>::value(h.at.beyond(load3(x, h.row)));
  }
};

template <class T>
struct wall_pullback_kernel {
  view<const T> x, d_y;
  const held_row<T>* rows;  // of one wall, so that no row occurs twice
  view<T> d_x;
  DIFFAM_HOST_DEVICE void operator()(index_t i) const {
    const held_row<T>& h = rows[i];
    const T d = wall_penalty<T>::pullback(h.at.beyond(load3(x, h.row)));
    add3(d_x, h.row, h.at.outward * (d_y[0] * h.share * d));
  }
};

/// Component: points (N x 3) -> wall loss (1 x 1).
template <real T,             // scalar
          exec::policy Exec>  // execution policy
class wall_loss {
 public:
  using scalar = T;
  using exec = Exec;

  struct workspace {
    view<T> scratch;
  };

  /// For inputs of `rows` x 3. `walls` may be empty. Throws `diffam::error` if a row is out of range or twice
  /// in one wall, or if an `outward` is not a unit vector.
  wall_loss(index_t rows, const std::vector<wall>& walls) : rows_(rows), first_{0} {
    std::vector<held_row<T>> held;
    for (const wall& w : walls) {
      require_valid(w);
      for (const stored_index r : w.rows) {
        if (r < 0 || r >= rows)
          throw error("wall_loss: expected rows in [0, " + std::to_string(rows) + "), got " +
                      std::to_string(r));
        held_row<T> h{};
        for (int k = 0; k < 3; ++k) {
          h.at.point[k] = static_cast<T>(w.at.point[k]);
          h.at.outward[k] = static_cast<T>(w.at.outward[k]);
        }
        h.share = static_cast<T>(1 / static_cast<double>(w.rows.size()));
        h.row = r;
        held.push_back(h);
      }
      first_.push_back(static_cast<index_t>(held.size()));
    }
    held_ = upload_vector<typename Exec::memory>(held);
  }

  extent output_extent(extent in) const {
    require_extent("wall_loss", "points", {rows_, 3}, in);
    return {1, 1};
  }
  workspace plan(arena& a, extent) const { return {a.take<T>(Exec::reduce_scratch(first_.back()))}; }

  void forward(const Exec& e, view<const T> x, view<T> y, workspace& w) const {
    e.reduce(first_.back(), wall_term<T>{x, held_.data()}, y.data, w.scratch);
  }
  void backward(const Exec& e, view<const T> x, view<const T> d_y, view<T> d_x, workspace&) const {
    if (d_x.empty()) return;
    for (std::size_t i = 0; i + 1 < first_.size(); ++i)
      e.for_each_index(first_[i + 1] - first_[i],
                       wall_pullback_kernel<T>{x, d_y, held_.data() + first_[i], d_x});
  }

 private:
  static void require_valid(const wall& w) {
    const double length = norm(w.at.outward);
    if (!(std::abs(length - 1) <= 1e-6))  // rounding of a unit vector in float
      throw error("wall_loss: expected outward of length 1, got " + std::to_string(length));
    std::vector<stored_index> sorted = w.rows;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice != sorted.end())
      throw error("wall_loss: expected each row at most once in a wall, got row " + std::to_string(*twice) +
                  " twice");
  }

  index_t rows_;
  std::vector<index_t> first_;  // first row of each wall
  buffer<held_row<T>, typename Exec::memory> held_;
};

}  // namespace diffam
