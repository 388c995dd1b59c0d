// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The canal's path through the volume of canal scores: of all chains of neighbouring voxels, one in each
// slice across an axis, the one with the largest sum of (score - threshold), less a small price for steps to
// the side. It begins and ends where that is best. By dynamic programming, exact.
#pragma once

#include <algorithm>
#include <vector>

#include "diffam/image/resample.hpp"

namespace diffam::spine::find {

struct canal_path_params {
  double threshold = 0.3;   // a score above it is for a canal, below it against
  double price = 0.03;      // of a step to the side, a voxel's length
  double smoothing = 6;     // mm along the axis: the wall has gaps between the arches
  double longest_gap = 28;  // mm whose mean is below the threshold: there the canal ends
};

struct canal_candidate_params {
  std::size_t most = 3;      // candidates
  double least_share = 0.5;  // of the first one's score
  double apart = 24;         // mm between candidates
};

struct canal_path {
  std::vector<vec3<double>> points;  // world mm, along the axis, upwards
  double score = 0;                  // 1 - threshold a slice at most
};

namespace detail {

/// The part of a path with the largest sum of `gains` (of its points) in which no stretch of `window` points
/// has a negative mean.
inline canal_path best_part(const std::vector<vec3<double>>& points, const std::vector<double>& gains,
                            std::size_t window) {
  const std::size_t n = points.size();
  std::vector<char> bad(n, 0);
  for (std::size_t i = 0; i + window <= n; ++i) {
    double sum = 0;
    for (std::size_t k = i; k < i + window; ++k) sum += gains[k];
    if (sum < 0)
      for (std::size_t k = i; k < i + window; ++k) bad[k] = 1;
  }
  canal_path best;
  for (std::size_t i = 0; i < n;) {
    canal_path part;
    for (; i < n && bad[i] == 0; ++i) part.points.push_back(points[i]), part.score += gains[i];
    if (part.score > best.score) best = part;
    while (i < n && bad[i] != 0) ++i;
  }
  return best;
}

}  // namespace detail

/// The best path along `axis` of the scores' grid; no points where no score is above the threshold.
template <exec::policy Host>
canal_path best_canal_path(const Host& e, volume<float> scores, int axis, const canal_path_params& p = {}) {
  const grid& g = scores.geometry;
  vec3<double> variance{};
  const double sigma = p.smoothing / g.spacing()[axis];
  variance[axis] = sigma * sigma;
  blur_voxels(e, scores.voxels, g.size, variance);

  const int across = (axis + 1) % 3, along = (axis + 2) % 3;  // the slice's own axes
  const index_t rows = g.size[along], cols = g.size[across], slices = g.size[axis];
  const auto count = static_cast<std::size_t>(rows * cols);
  const auto score_at = [&](index_t c, index_t r, index_t slice) {
    index_t v[3];
    v[axis] = slice, v[across] = c, v[along] = r;
    return scores.at(v[0], v[1], v[2]) - static_cast<float>(p.threshold);
  };
  constexpr std::int8_t none = 9;  // else 3 (row + 1) + column + 1 of the step
  std::vector<std::int8_t> step(count * static_cast<std::size_t>(slices), none);
  std::vector<float> before(count, 0), now(count, 0);
  float best = 0;
  index_t at[3] = {-1, 0, 0};  // slice, row, column of the best end
  for (index_t slice = 0; slice < slices; ++slice) {
    for (index_t r = 0; r < rows; ++r)
      for (index_t c = 0; c < cols; ++c) {
        float most = 0;
        std::int8_t from = none;
        for (index_t dr = -1; dr <= 1 && slice > 0; ++dr)
          for (index_t dc = -1; dc <= 1; ++dc) {
            if (r + dr < 0 || r + dr >= rows || c + dc < 0 || c + dc >= cols) continue;
            const double length = std::sqrt(static_cast<double>(dr * dr + dc * dc));
            const float value = before[static_cast<std::size_t>((r + dr) * cols + c + dc)] -
                                static_cast<float>(p.price * length);
            if (value > most) most = value, from = static_cast<std::int8_t>(3 * (dr + 1) + dc + 1);
          }
        const auto v = static_cast<std::size_t>(r * cols + c);
        now[v] = most + score_at(c, r, slice);
        step[count * static_cast<std::size_t>(slice) + v] = from;
        if (now[v] > best) best = now[v], at[0] = slice, at[1] = r, at[2] = c;
      }
    std::swap(before, now);
  }
  std::vector<vec3<double>> points;
  std::vector<double> gains;
  for (auto [slice, r, c] = at; slice >= 0; --slice) {
    vec3<double> x{};
    x[axis] = static_cast<double>(slice), x[across] = static_cast<double>(c),
    x[along] = static_cast<double>(r);
    points.push_back(g.to_world(x));
    gains.push_back(score_at(c, r, slice));
    const std::int8_t s =
        step[count * static_cast<std::size_t>(slice) + static_cast<std::size_t>(r * cols + c)];
    if (s == none) break;
    r += s / 3 - 1, c += s % 3 - 1;
  }
  std::reverse(points.begin(), points.end());
  std::reverse(gains.begin(), gains.end());
  return detail::best_part(points, gains, static_cast<std::size_t>(p.longest_gap / g.spacing()[axis]));
}

/// The best path, then the best one away from it, and so on: in a short image, a vessel between ribs may
/// score as the canal does.
template <exec::policy Host>
std::vector<canal_path> canal_candidates(const Host& e, volume<float> scores, int axis,
                                         const canal_path_params& p = {},
                                         const canal_candidate_params& candidates = {}) {
  std::vector<canal_path> out;
  const grid g = scores.geometry;
  while (out.size() < candidates.most) {
    canal_path path = best_canal_path(e, scores, axis, p);
    if (path.points.size() < 3 || (!out.empty() && path.score < candidates.least_share * out[0].score)) break;
    for (const vec3<double>& x : path.points) {
      const voxel_box box = voxels_around(g, world_box{x, x}.corners(),
                                          vec3<double>{1, 1, 1} * (candidates.apart / g.spacing()[axis]));
      for (index_t k = box.first[2]; k < box.first[2] + box.size[2]; ++k)
        for (index_t j = box.first[1]; j < box.first[1] + box.size[1]; ++j)
          std::fill_n(&scores.at(box.first[0], j, k), box.size[0], 0.0F);
    }
    out.push_back(std::move(path));
  }
  return out;
}

}  // namespace diffam::spine::find
