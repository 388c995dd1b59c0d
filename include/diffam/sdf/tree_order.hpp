// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Set-up of the tree over a mesh: its shape, which depends on the number of faces alone, and the order of the
// faces in its leaves, from positions or, where there are none yet, from connectivity.
#pragma once

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>
#include <utility>
#include <vector>

#include "diffam/sdf/lanes.hpp"

namespace diffam::detail {

/// Edge k of face f runs from corner k to k + 1; `twin[3 f + k]` is the face across it, -1 where there is
/// none. Where more than two faces share an edge, they are paired in order of index.
inline std::vector<stored_index> twin_faces(const std::vector<face>& faces) {
  struct half_edge {
    stored_index low, high, corner;
  };
  std::vector<half_edge> edges;
  edges.reserve(3 * faces.size());
  for (std::size_t f = 0; f < faces.size(); ++f)
    for (int k = 0; k < 3; ++k) {
      const stored_index a = faces[f][k], b = faces[f][(k + 1) % 3];
      edges.push_back({std::min(a, b), std::max(a, b), static_cast<stored_index>(3 * f) + k});
    }
  std::sort(edges.begin(), edges.end(), [](const half_edge& x, const half_edge& y) {
    return std::tie(x.low, x.high, x.corner) < std::tie(y.low, y.high, y.corner);
  });
  std::vector<stored_index> twin(3 * faces.size(), -1);
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    const half_edge &x = edges[i], &y = edges[i + 1];
    if (x.low != y.low || x.high != y.high) continue;
    twin[static_cast<std::size_t>(x.corner)] = y.corner / 3;
    twin[static_cast<std::size_t>(y.corner)] = x.corner / 3;
    ++i;
  }
  return twin;
}

/// Every edge is run through as often in one direction as in the other: the winding number then only changes
/// across the surface, by whole numbers.
inline bool is_closed(const std::vector<face>& faces) {
  std::vector<std::pair<std::uint64_t, int>> edges;  // low and high vertex; direction
  edges.reserve(3 * faces.size());
  for (const face& f : faces)
    for (int k = 0; k < 3; ++k) {
      const auto a = static_cast<std::uint64_t>(f[k]), b = static_cast<std::uint64_t>(f[(k + 1) % 3]);
      edges.push_back({std::min(a, b) << 32 | std::max(a, b), a < b ? 1 : -1});
    }
  std::sort(edges.begin(), edges.end());
  for (std::size_t i = 0; i < edges.size();) {
    int sum = 0;
    const std::uint64_t edge = edges[i].first;
    for (; i < edges.size() && edges[i].first == edge; ++i) sum += edges[i].second;
    if (sum != 0) return false;
  }
  return true;
}

/// Numbers by which faces that are near each other on the surface are near each other: the distances, in
/// steps from face to face, to a few landmarks far apart. n x `landmark_count`, row-major.
inline constexpr int landmark_count = 8;

inline std::vector<float> surface_coordinates(const std::vector<stored_index>& twin, index_t first,
                                              index_t count) {
  const auto n = static_cast<std::size_t>(count);
  std::vector<float> coordinates(n * landmark_count);
  std::vector<stored_index> steps(n), queue(n);
  std::vector<stored_index> nearest(n, std::numeric_limits<stored_index>::max());
  std::size_t seed = 0;
  for (int k = -1; k < landmark_count; ++k) {  // -1: face 0 only serves to find the first landmark
    std::fill(steps.begin(), steps.end(), static_cast<stored_index>(count));
    std::size_t head = 0, tail = 0;
    steps[seed] = 0;
    queue[tail++] = static_cast<stored_index>(seed);
    while (head < tail) {
      const auto f = static_cast<std::size_t>(queue[head++]);
      for (std::size_t e = 0; e < 3; ++e) {
        const index_t g = twin[3 * (f + static_cast<std::size_t>(first)) + e] - first;
        if (g < 0 || g >= count || steps[static_cast<std::size_t>(g)] < count) continue;
        steps[static_cast<std::size_t>(g)] = steps[f] + 1;
        queue[tail++] = static_cast<stored_index>(g);
      }
    }
    for (std::size_t f = 0; f < n; ++f) {
      if (k >= 0) {
        coordinates[f * landmark_count + static_cast<std::size_t>(k)] = static_cast<float>(steps[f]);
        nearest[f] = std::min(nearest[f], steps[f]);
      }
      const auto& far = k < 0 ? steps : nearest;
      if (f == 0) seed = 0;
      if (far[f] > far[seed]) seed = f;
    }
  }
  for (int pass = 0; pass < 3; ++pass) {  // between whole steps too
    const std::vector<float> before = coordinates;
    for (std::size_t f = 0; f < n; ++f)
      for (std::size_t e = 0; e < 3; ++e) {
        const index_t g = twin[3 * (f + static_cast<std::size_t>(first)) + e] - first;
        const std::size_t from = g < 0 || g >= count ? f : static_cast<std::size_t>(g);
        for (std::size_t k = 0; k < landmark_count; ++k)
          coordinates[f * landmark_count + k] +=
              (before[from * landmark_count + k] - before[f * landmark_count + k]) / 4;
      }
  }
  return coordinates;
}

/// The levels of a tree over `faces` faces: number of leaves, of nodes above them, ..., 1.
inline std::vector<index_t> tree_levels(index_t faces) {
  std::vector<index_t> counts{(faces + lane_count - 1) / lane_count};
  do counts.push_back((counts.back() + lane_count - 1) / lane_count);
  while (counts.back() > 1);
  return counts;
}

/// The i-th of n equal parts of `total` begins here.
constexpr index_t part_begin(index_t total, index_t n, index_t i) {
  return i * total / n;
}

/// Orders the faces of one mesh so that each subtree has a compact run of them, by halving along the
/// coordinate of largest range. `order` holds the faces' numbers within the mesh; nothing is allocated.
template <class T>
class face_order {
 public:
  face_order(const T* coordinates, int dimensions, const std::vector<index_t>& levels, stored_index* order,
             index_t faces)
      : coordinates_(coordinates), dimensions_(dimensions), levels_(levels), order_(order), faces_(faces) {
    std::iota(order, order + faces, stored_index{0});
    split(levels.size() - 1, 0, 1);
  }

 private:
  /// First face below node i of a level.
  index_t first_face(std::size_t level, index_t i) const {
    for (; level > 0; --level) i = part_begin(levels_[level - 1], levels_[level], i);
    return part_begin(faces_, levels_[0], i);
  }

  T at(stored_index f, int k) const { return coordinates_[static_cast<index_t>(f) * dimensions_ + k]; }

  /// The nodes [begin, end) of a level share a run of faces: halve it until each has its own.
  void split(std::size_t level, index_t begin, index_t end) {
    if (end - begin <= 1) {
      if (level == 0) return;
      split(level - 1, part_begin(levels_[level - 1], levels_[level], begin),
            part_begin(levels_[level - 1], levels_[level], begin + 1));
      return;
    }
    const index_t middle = begin + (end - begin) / 2;
    stored_index* const from = order_ + first_face(level, begin);
    stored_index* const to = order_ + first_face(level, end);
    const int axis = widest(from, to);
    std::nth_element(from, order_ + first_face(level, middle), to, [&](stored_index f, stored_index g) {
      const T a = at(f, axis), b = at(g, axis);
      return a < b || (a == b && f < g);
    });
    split(level, begin, middle);
    split(level, middle, end);
  }

  int widest(const stored_index* from, const stored_index* to) const {
    int axis = 0;
    T range = -1;
    for (int k = 0; k < dimensions_; ++k) {
      T lo = at(*from, k), hi = lo;
      for (const stored_index* f = from; f != to; ++f) {
        lo = std::min(lo, at(*f, k));
        hi = std::max(hi, at(*f, k));
      }
      if (hi - lo > range) range = hi - lo, axis = k;
    }
    return axis;
  }

  const T* coordinates_;
  int dimensions_;
  const std::vector<index_t>& levels_;
  stored_index* order_;
  index_t faces_;
};

}  // namespace diffam::detail
