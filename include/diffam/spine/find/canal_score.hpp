// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// How much each place of a CT looks like the inside of the spinal canal: soft tissue with bone all around at
// the distances of a canal's wall. The score is the share of opposite pairs of rays that both meet bone, as
// far apart as the walls of a canal are. Several planes are tried, so that a spine may be tilted against the
// axis that it is searched along.
#pragma once

#include <algorithm>

#include "diffam/exec/policy.hpp"
#include "diffam/spine/find/canal_rays.hpp"

namespace diffam::spine::find {

struct canal_score_params {
  canal_ray_params rays{};
  double least_hu = -15, most_hu = 110;   // of the cord, the fluid around it and what contrast adds
  double fat_hu = -120, fat_share = 0.6;  // epidural fat, which fills the canal below L4, counts less
  double tilt = 30;                       // degrees, of the further planes
  double promising = 0.25;                // further planes are tried where the first one scores this
};

/// Every second voxel along each axis of an image.
inline grid every_second(const grid& g) {
  grid out = g;
  for (int a = 0; a < 3; ++a) out.size[a] = (g.size[a] + 1) / 2;
  for (auto& row : out.axes.row) row *= 2;
  return out;
}

namespace detail {

/// The plane across `axis`, and four more that are tilted against it.
inline std::vector<ray_plane> ray_planes(int axis, double tilt, const grid& image) {
  const int first = (axis + 1) % 3, second = (axis + 2) % 3;
  const double c = std::cos(tilt * degree), s = std::sin(tilt * degree);
  const double lean[5][3] = {{1, 0, 0}, {c, s, 0}, {c, -s, 0}, {c, 0, s}, {c, 0, -s}};
  std::vector<ray_plane> planes;
  for (const auto& l : lean) {
    vec3<double> up{}, across{};
    up[axis] = l[0], up[first] = l[1], up[second] = l[2];
    across[first] = 1;
    planes.push_back(plane_across(up, across, image));
  }
  return planes;
}

/// One slice k of the lattice of every second voxel.
struct canal_score_kernel {
  const volume<float>* image;
  const std::vector<ray_plane>* planes;
  canal_score_params p;
  volume<float>* scores;

  void operator()(index_t k) const {
    const vec<index_t, 3>& n = scores->geometry.size;
    for (index_t j = 0; j < n[1]; ++j)
      for (index_t i = 0; i < n[0]; ++i) scores->at(i, j, k) = score(2 * i, 2 * j, 2 * k);
  }

 private:
  float score(index_t i, index_t j, index_t k) const {
    const double hu = image->at(i, j, k);
    if (!(hu >= p.fat_hu && hu <= p.most_hu)) return 0;
    const vec3<double> from{static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)};
    double best = closed((*planes)[0], from);
    for (std::size_t m = 1; m < planes->size() && best >= p.promising; ++m)
      best = std::max(best, closed((*planes)[m], from));
    return static_cast<float>(hu < p.least_hu ? p.fat_share * best : best);
  }

  /// The share of the plane's opposite rays that meet the walls of a canal.
  double closed(const ray_plane& rays, const vec3<double>& from) const {
    int pairs = 0;
    for (std::size_t r = 0; r < canal_rays / 2; ++r)
      pairs += rays_both_ways(*image, from, rays, r, p.rays).closed ? 1 : 0;
    return pairs / (canal_rays / 2.0);
  }
};

}  // namespace detail

/// Scores in [0, 1] on `every_second(image.geometry)` for a canal that runs along `axis` of the image, or
/// tilted against it. The image's axes have to be at right angles.
template <exec::policy Host>
volume<float> canal_scores(const Host& e, const volume<float>& image, int axis,
                           const canal_score_params& p = {}) {
  volume<float> scores(every_second(image.geometry));
  const auto planes = detail::ray_planes(axis, p.tilt, image.geometry);
  e.for_each_index(scores.geometry.size[2], detail::canal_score_kernel{&image, &planes, p, &scores}, 1);
  return scores;
}

}  // namespace diffam::spine::find
