// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Whether the sacrum lies below a vertebra: beside its first body there is bone, its wings, where beside a
// lumbar body there is muscle and beside a thoracic one lung.
#pragma once

#include <vector>

#include "diffam/spine/find/chain.hpp"

namespace diffam::spine::find {

struct sacrum_params {
  double bone_hu = 130;                       // the wings hold little bone but their shells
  double near = 28, far = 40;                 // mm from the midline
  double front = 10, back = -9;               // mm from the body's centre: behind it are transverse processes
  double half_height = 8;                     // mm
  std::vector<double> leans{0, 15, 30, 45};   // degrees that the next body leans back against this one
  std::vector<double> distances{26, 32, 38};  // mm to it
};

namespace detail {

/// The share of bone beside a body, on the side where it is less; below 0 where a side is out of view. `at`
/// takes local coordinates from the body's centre (mm; right, front, up) to the world.
template <class ToWorld>
double bone_beside(const masked_volume<float>& image, const ToWorld& at, const sacrum_params& p) {
  const voxel_view<float> voxels{image.values.voxels.data(), image.values.geometry.size};
  double least = 1;
  for (const double side : {-1.0, 1.0}) {
    int bone = 0, inside = 0, outside = 0;
    for (double x = p.near; x <= p.far; x += 2)
      for (double y = p.back; y <= p.front; y += 2)
        for (double z = -p.half_height; z <= p.half_height; z += 2) {
          const vec3<double> world = at(vec3<double>{side * x, y, z});
          if (!inside_view(image.field_of_view.to_index(world), image.field_of_view.size)) {
            ++outside;
            continue;
          }
          ++inside;
          const vec3<double> index = image.values.geometry.to_index(world);
          bone += trilinear_value(voxels, index, read_voxel<double, float>{voxels.data}) > p.bone_hu ? 1 : 0;
        }
    if (outside > inside / 3) return -1;
    least = std::min(least, static_cast<double>(bone) / inside);
  }
  return least;
}

}  // namespace detail

/// What is beside the vertebra itself and beside the next body below it; below 0 where that is not in view.
struct sacrum_evidence {
  double here = -1, below = -1;
};

inline sacrum_evidence find_wings(const masked_volume<float>& image, const pose& where,
                                  const sacrum_params& p = {}) {
  const auto placed = [&where](double lean, double distance) {
    return [&where, lean, distance](const vec3<double>& x) {
      const double c = std::cos(lean * degree), s = std::sin(lean * degree);
      const vec3<double> up{0, s, c}, front{0, c, -s};
      const vec3<double> local = vec3<double>{x[0], 0, 0} + front * x[1] + up * (x[2] - distance);
      return local * where.basis + where.translation;
    };
  };
  sacrum_evidence out;
  out.here = detail::bone_beside(image, placed(0, 0), p);
  for (const double lean : p.leans)
    for (const double distance : p.distances)
      out.below = std::max(out.below, detail::bone_beside(image, placed(lean, distance), p));
  return out;
}

}  // namespace diffam::spine::find
