// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Rays from a place in the image to the bone around it, in planes across an axis or tilted against it: what
// tells a canal, and where its middle is.
#pragma once

#include <array>
#include <vector>

#include "diffam/image/volume.hpp"

namespace diffam::spine::find {

struct canal_ray_params {
  double bone_hu = 180;     // from here on a ray has met bone
  double reach = 20;        // mm along a ray
  double least_width = 11;  // mm between the bone that opposite rays meet; an adult's canal is
  double most_width = 36;   // 14 to 27 mm wide and 12 to 18 deep, and C1's 27 by 30
};

inline constexpr int canal_rays = 16;

/// The directions of one plane's rays, in steps of an image's voxels a mm. Ray r and r + 8 are opposite.
using ray_plane = std::array<vec3<double>, canal_rays>;

/// The plane across `up` (a unit vector, in the axes of the image), one ray along `across` where that lies in
/// it.
inline ray_plane plane_across(const vec3<double>& up, const vec3<double>& across, const grid& image) {
  const vec3<double> u = normalized(across - up * dot(across, up)), v = cross(up, u);
  const vec3<double> voxel = image.spacing();
  ray_plane rays;
  for (std::size_t r = 0; r < canal_rays; ++r) {
    const double angle = 360 * degree * static_cast<double>(r) / canal_rays;
    rays[r] = u * std::cos(angle) + v * std::sin(angle);
    for (int a = 0; a < 3; ++a) rays[r][a] /= voxel[a];
  }
  return rays;
}

/// Two opposite rays that meet the walls of a canal.
struct canal_pair {
  bool closed = false;
  double there = 0, back = 0;  // mm to the bone along either
};

inline constexpr double no_bone = 1e9;  // mm, where a ray meets none

/// Mm from the voxel index `from` along a ray to bone.
inline double to_bone(const volume<float>& image, const vec3<double>& from, const vec3<double>& ray,
                      const canal_ray_params& p) {
  for (double r = 2; r <= p.reach; ++r) {
    const vec3<double> x = from + ray * r;
    index_t v[3];
    for (int a = 0; a < 3; ++a) {
      v[a] = static_cast<index_t>(std::floor(x[a] + 0.5));
      if (v[a] < 0 || v[a] >= image.geometry.size[a]) return no_bone;
    }
    if (image.at(v[0], v[1], v[2]) > p.bone_hu) return r;
  }
  return no_bone;
}

/// Rays r and r + 8 of a plane.
inline canal_pair rays_both_ways(const volume<float>& image, const vec3<double>& from, const ray_plane& rays,
                                 std::size_t r, const canal_ray_params& p) {
  canal_pair out;
  out.there = to_bone(image, from, rays[r], p);
  if (out.there > p.reach) return out;
  out.back = to_bone(image, from, rays[r + canal_rays / 2], p);
  const double width = out.there + out.back;
  out.closed = width >= p.least_width && width <= p.most_width;
  return out;
}

}  // namespace diffam::spine::find
