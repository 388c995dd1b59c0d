// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Set-up of the tree over a mesh: the shape of the tree, which depends only on the number of faces, and
// coordinates of the faces from connectivity, for use before vertex positions are known.
#pragma once

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

#include "diffam/sdf/tree/boxes.hpp"

namespace diffam::detail {

/// The neighbours of each face. Edge k of face f runs from corner k to the next corner. `twin[3 f + k]` is
/// the face across this edge, or -1. If more than two faces share an edge, they are paired in order of index.
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

/// Whether the surface is closed: every edge occurs equally often in both directions. Then the winding number
/// changes only across the surface, and only by whole numbers.
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

/// Coordinates of the faces from connectivity: the distances, in steps from face to face, to a few landmark
/// faces that are far apart. Faces that are near each other on the surface have similar coordinates. n x
/// `landmark_count`, row-major.
inline constexpr int landmark_count = 8;

inline std::vector<float> surface_coordinates(const std::vector<stored_index>& twin, index_t first,
                                              index_t count) {
  const auto n = static_cast<std::size_t>(count);
  std::vector<float> coordinates(n * landmark_count);
  std::vector<stored_index> steps(n), queue(n);
  std::vector<stored_index> nearest(n, std::numeric_limits<stored_index>::max());
  std::size_t seed = 0;
  for (int k = -1; k < landmark_count; ++k) {  // -1: from face 0, only to find the first landmark
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
  for (int pass = 0; pass < 3; ++pass) {  // smooth the steps, to get values between whole numbers
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

/// The sizes of the levels of a tree over `faces` faces: the number of leaves, of the nodes above them, ...,
/// 1.
inline std::vector<index_t> tree_levels(index_t faces) {
  std::vector<index_t> counts{(faces + lane_count - 1) / lane_count};
  do counts.push_back((counts.back() + lane_count - 1) / lane_count);
  while (counts.back() > 1);
  return counts;
}

/// The first index of part i, where [0, total) is divided into n equal parts.
constexpr index_t part_begin(index_t total, index_t n, index_t i) {
  return i * total / n;
}

/// The rounds in which runs of faces are halved. `first` holds, for each round, the places where its runs
/// begin in the order of the faces, followed by the end of the last run. The entries of round k begin at
/// index `round[k]` of `first`.
struct split_rounds {
  std::vector<index_t> round{0};
  std::vector<stored_index> first;
};

/// The rounds for meshes with these levels. `first_face` has the first face of each mesh, and the number of
/// all faces.
inline split_rounds halving_rounds(const std::vector<std::vector<index_t>>& levels,
                                   const std::vector<index_t>& first_face) {
  struct run {  // the faces below the nodes [begin, end) of one level
    std::size_t mesh, level;
    index_t begin, end;
  };
  const auto down = [&](run r) {  // descends to the first level on which the run has more than one node
    const auto& counts = levels[r.mesh];
    while (r.level > 0 && r.end - r.begin == 1) {
      const index_t n = counts[r.level--], node = r.begin;
      r.begin = part_begin(counts[r.level], n, node);
      r.end = part_begin(counts[r.level], n, node + 1);
    }
    return r;
  };
  const auto rank = [&](const run& r) {
    const auto& counts = levels[r.mesh];
    index_t i = r.begin;
    for (std::size_t level = r.level; level > 0; --level) i = part_begin(counts[level - 1], counts[level], i);
    const index_t faces = first_face[r.mesh + 1] - first_face[r.mesh];
    return static_cast<stored_index>(first_face[r.mesh] + part_begin(faces, counts[0], i));
  };
  std::vector<run> runs, halves;
  for (std::size_t m = 0; m < levels.size(); ++m) runs.push_back(down({m, levels[m].size() - 1, 0, 1}));
  split_rounds all;
  const auto shared = [](const run& r) { return r.end - r.begin > 1; };
  while (std::any_of(runs.begin(), runs.end(), shared)) {
    halves.clear();
    for (const run& r : runs) {
      all.first.push_back(rank(r));
      const index_t middle = r.begin + (r.end - r.begin) / 2;
      if (shared(r)) halves.push_back(down({r.mesh, r.level, r.begin, middle}));
      halves.push_back(shared(r) ? down({r.mesh, r.level, middle, r.end}) : r);
    }
    all.first.push_back(static_cast<stored_index>(first_face.back()));
    all.round.push_back(static_cast<index_t>(all.first.size()));
    runs.swap(halves);
  }
  return all;
}

}  // namespace diffam::detail
