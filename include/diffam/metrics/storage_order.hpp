// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Volumes with the same voxels in the same places may be stored in another order: axes exchanged, or counted
// from the other end. This brings one into the order of another, and says how two grids differ.
#pragma once

#include <array>
#include <cmath>
#include <optional>
#include <string>

#include "diffam/image/volume.hpp"

namespace diffam::metrics {

/// How to walk through a volume to meet its voxels in the order of another grid: axis a of that grid is axis
/// `axis[a]` of the volume, from its other end where `reversed[a]`.
struct storage_order {
  vec<int, 3> axis{0, 1, 2};
  vec<int, 3> reversed{};

  bool is_the_same() const { return axis == vec<int, 3>{0, 1, 2} && reversed == vec<int, 3>{}; }

  /// The grid of the volume, walked through in this order.
  grid applied_to(const grid& g) const {
    grid out;
    vec3<double> first{};
    for (int a = 0; a < 3; ++a) {
      out.size[a] = g.size[axis[a]];
      if (reversed[a] != 0) first[axis[a]] = static_cast<double>(g.size[axis[a]] - 1);
      for (int r = 0; r < 3; ++r) out.axes(r, a) = (reversed[a] != 0 ? -1 : 1) * g.axes(r, axis[a]);
    }
    out.origin = g.to_world(first);
    return out;
  }
};

/// The order in which the axes of `from` point along those of `to`, as nearly as right angles allow.
inline storage_order order_towards(const grid& from, const grid& to) {
  constexpr int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  const vec3<double> length = from.spacing();
  const mat3<double> f = transpose(from.axes), t = transpose(to.axes);
  storage_order best;
  double most = -1;
  for (const auto& order : orders) {
    double sum = 0;
    for (int a = 0; a < 3; ++a)
      sum += std::abs(dot(f.row[order[a]], t.row[a])) / (length[order[a]] * norm(t.row[a]));
    if (!(sum > most + 1e-9)) continue;
    most = sum;
    for (int a = 0; a < 3; ++a) {
      best.axis[a] = order[a];
      best.reversed[a] = dot(f.row[order[a]], t.row[a]) < 0 ? 1 : 0;
    }
  }
  return best;
}

/// The voxels of `v` in that order.
template <class T>
volume<T> in_order(const volume<T>& v, const storage_order& order) {
  volume<T> out(order.applied_to(v.geometry));
  const vec<index_t, 3>& n = out.geometry.size;
  std::size_t next = 0;
  for (index_t k = 0; k < n[2]; ++k)
    for (index_t j = 0; j < n[1]; ++j)
      for (index_t i = 0; i < n[0]; ++i) {
        const vec<index_t, 3> at{i, j, k};
        vec<index_t, 3> from{};
        for (int a = 0; a < 3; ++a) from[order.axis[a]] = order.reversed[a] != 0 ? n[a] - 1 - at[a] : at[a];
        out.voxels[next++] = v.at(from[0], from[1], from[2]);
      }
  return out;
}

/// The largest distance of a corner voxel of `a` from the same one of `b`, in voxels of `b`. Both have the
/// same size.
inline double corner_distance(const grid& a, const grid& b) {
  double worst = 0;
  for (int c = 0; c < 8; ++c) {
    const vec3<double> there = b.to_index(a.corner(c));
    vec3<double> here{};
    for (int k = 0; k < 3; ++k) here[k] = (c >> k & 1) != 0 ? static_cast<double>(a.size[k] - 1) : 0.0;
    const double d = norm(there - here);
    worst = d > worst ? d : worst;
  }
  return worst;
}

}  // namespace diffam::metrics
