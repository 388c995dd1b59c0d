// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The moves that the search for starts (spine/start/search.hpp) tries, and the prior that keeps them near the
// start.
#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include "diffam/spine/fit_result.hpp"
#include "diffam/spine/pose.hpp"

namespace diffam::spine {

/// The pose after a move. Shifts are along the template's own axes, turns are about them.
inline pose moved(const pose& p, const start_move& m) {
  mat3<double> turn = mat3<double>::identity();
  for (int axis = 0; axis < 3; ++axis) {  // about right, then front, then up; rows are turned
    const double c = std::cos(m.turn[axis] * degree), s = std::sin(m.turn[axis] * degree);
    const int i = (axis + 1) % 3, j = (axis + 2) % 3;
    mat3<double> r = mat3<double>::identity();
    r(i, i) = r(j, j) = c, r(i, j) = s, r(j, i) = -s;
    turn = turn * r;
  }
  const double size = std::exp(m.growth);
  pose q = p;
  q.basis = turn * p.basis;
  for (auto& row : q.basis.row) row *= size;
  q.translation += m.shift * p.basis;
  q.scale *= size;
  return q;
}

/// Steps, limits and prior of the search.
struct start_search_params {
  // Grid search: number of steps in each direction, and step length.
  int up = 5, front = 3, tilt = 5;          // of the first grid, which also has `start_sideways`
  int tilt_again = 2, bend = 3, twist = 4;  // of the second grid, about right, front and up
  std::size_t promising = 8;  // one candidate in this many of the first grid gets the full score
  double shift_step = 3;      // mm at the template's size (34.3 mm a level)
  double turn_step = 8;       // degrees
  // Compass search: how often the step is halved, and the most moves for each step length.
  int halvings = 2, moves = 12;
  double growth_step = 0.06;  // step of the logarithm of the size
  // Prior: its weight, and the standard deviations of a good start. `distance_deviation` is that of the
  // logarithm of the distance between neighbours.
  double prior = 0.02;
  double shift_deviation = 10, turn_deviation = 20, growth_deviation = 0.05, distance_deviation = 0.08;
  double common_turn = 10;  // degrees: a smaller median turn does not count as common to the chain
};

namespace detail {

/// A move and its cost; lower is better.
struct scored_move {
  start_move move;
  double score = std::numeric_limits<double>::infinity();
};

/// Cost of a move by the prior, which is centred at the chain's common turn.
inline double start_prior(const start_move& m, const vec3<double>& common, const start_search_params& p) {
  const auto share = [](double x, double deviation) { return x * x / (deviation * deviation); };
  double sum = share(m.growth, p.growth_deviation);
  for (int k = 0; k < 3; ++k)
    sum += share(m.shift[k], p.shift_deviation) + share(m.turn[k] - common[k], p.turn_deviation);
  return p.prior * sum;
}

/// Steps to the right, of a bend and of a twist in the first grid; only one of the three is not zero.
inline constexpr int start_sideways[][3] = {{0, 0, 0}, {-3, 0, 0}, {3, 0, 0}, {0, -3, 0},
                                            {0, 3, 0}, {0, 0, -3}, {0, 0, 3}};

/// Candidates of the first grid for one shift along the spine: shifts to the front and tilts about the
/// left-right axis, each combined with `start_sideways`. All turns are relative to the common turn. For `up`
/// 0 the unmoved start comes first.
inline std::vector<start_move> start_lattice(const start_search_params& p, const vec3<double>& common,
                                             int up) {
  std::vector<start_move> moves;
  if (up == 0) moves.push_back(start_move{});
  for (int front = -p.front; front <= p.front; ++front)
    for (int tilt = -p.tilt; tilt <= p.tilt; ++tilt)
      for (const auto& [right, bend, twist] : start_sideways)
        moves.push_back({{right * p.shift_step, front * p.shift_step, up * p.shift_step},
                         common + vec3<double>{tilt * p.turn_step, bend * p.turn_step, twist * p.turn_step},
                         0});
  return moves;
}

/// Candidates of the second grid: turns about all axes.
inline std::vector<start_move> start_turns(const start_move& at, const start_search_params& p) {
  std::vector<start_move> moves;
  for (int tilt = -p.tilt_again; tilt <= p.tilt_again; ++tilt)
    for (int bend = -p.bend; bend <= p.bend; ++bend)
      for (int twist = -p.twist; twist <= p.twist; ++twist) {
        moves.push_back(at);
        moves.back().turn += vec3<double>{tilt * p.turn_step, bend * p.turn_step, twist * p.turn_step};
      }
  return moves;
}

/// One step in both directions along each of the seven unknowns.
inline std::vector<start_move> start_compass(const start_move& at, const start_search_params& p,
                                             double share) {
  std::vector<start_move> moves;
  for (const double way : {share, -share}) {
    for (int k = 0; k < 3; ++k) {
      moves.push_back(at);
      moves.back().shift[k] += way * p.shift_step;
      moves.push_back(at);
      moves.back().turn[k] += way * p.turn_step;
    }
    moves.push_back(at);
    moves.back().growth += way * p.growth_step;
  }
  return moves;
}

}  // namespace detail

}  // namespace diffam::spine
