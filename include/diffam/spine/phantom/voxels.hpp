// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// The voxels of a generated CT: bone with a cortical shell, else soft tissue, and noise. A slice is made in
// small tiles. A bone that is far from a tile's centre is left out for the whole tile, which is most of the
// saving.
#pragma once

#include "diffam/spine/phantom/soft_tissue.hpp"

namespace diffam::spine::detail {

/// Makes slice k.
struct phantom_slice_kernel {
  grid geometry;
  phantom_tissue tissue;
  double cortex_thickness;  // mm
  std::uint64_t seed;       // of the noise
  const phantom_skeleton* skeleton;
  const soft_tissue* around;
  double noise;  // standard deviation before the blur
  float* ct;
  std::uint8_t* truth;

  void operator()(index_t k) const {
    near_bones in_slice, in_tile;
    keep_near(skeleton->bones, {0, 0, k}, {geometry.size[0], geometry.size[1], k + 1}, in_slice);
    for (index_t j = 0; j < geometry.size[1]; j += tile)
      for (index_t i = 0; i < geometry.size[0]; i += tile) {
        const vec<index_t, 3> first{i, j, k},
            last{std::min(i + tile, geometry.size[0]), std::min(j + tile, geometry.size[1]), k + 1};
        keep_near(in_slice, first, last, in_tile);
        for (index_t y = j; y < last[1]; ++y)
          for (index_t x = i; x < last[0]; ++x) make_voxel({x, y, k}, in_tile);
      }
  }

 private:
  static constexpr index_t tile = 6;     // voxels, along i and j
  static constexpr double steepest = 2;  // bound on the gradient of a bone's distance
  static constexpr double edge = 0.3;    // mm, half the width of a bone's border

  static const phantom_bone& one(const phantom_bone& b) { return b; }
  static const phantom_bone& one(const phantom_bone* b) { return *b; }

  /// The bones that can be near a box of voxels, `last` excluded.
  template <class Bones>
  void keep_near(const Bones& bones, const vec<index_t, 3>& first, const vec<index_t, 3>& last,
                 near_bones& kept) const {
    const auto place = [](const vec<index_t, 3>& v) {
      return vec3<double>{static_cast<double>(v[0]), static_cast<double>(v[1]), static_cast<double>(v[2])};
    };
    const vec3<double> low = place(first), high = place(last) - vec3<double>{1, 1, 1};
    const vec3<double> centre = geometry.to_world((low + high) * 0.5), half_voxels = (high - low) * 0.5;
    vec3<double> half{};
    for (int r = 0; r < 3; ++r)
      for (int a = 0; a < 3; ++a) half[r] += std::abs(geometry.axes(r, a)) * half_voxels[a];
    const double radius = norm(half);
    kept.clear();
    for (const auto& candidate : bones) {
      const phantom_bone& b = one(candidate);
      bool apart = false;
      for (int a = 0; a < 3; ++a)
        apart = apart || centre[a] + half[a] < b.low[a] || centre[a] - half[a] > b.high[a];
      if (apart || (radius < 20 && b.distance(centre) > steepest * radius + phantom_near)) continue;
      kept.push_back(&b);
    }
  }

  void make_voxel(const vec<index_t, 3>& at, const near_bones& near) const {
    const index_t v = geometry.linear(at[0], at[1], at[2]);
    const vec3<double> p = geometry.to_world(
        {static_cast<double>(at[0]), static_cast<double>(at[1]), static_cast<double>(at[2])});
    const auto words = random_words(seed, random_stream::phantom, 1, static_cast<std::uint64_t>(v));
    const double normal = box_muller(unit_interval<double>(words[0]), unit_interval<double>(words[1]))[0];
    ct[v] = static_cast<float>(intensity(p, near, truth[v]) + noise * normal);
  }

  /// A smooth step from 0 at -w to 1 at w.
  static double step(double x, double w) {
    const double t = x < -w ? 0 : x > w ? 1 : (x + w) / (2 * w);
    return t * t * (3 - 2 * t);
  }

  double intensity(const vec3<double>& p, const near_bones& near, std::uint8_t& label) const {
    const nearest_bone nearest = nearest_of(near, p);
    const double d = nearest.distance;
    label = d < 0 ? static_cast<std::uint8_t>(nearest.label) : std::uint8_t{0};
    if (d > edge) return (*around)(p);
    const double into_cortex = step(-d, edge), into_marrow = step(-d - cortex_thickness, edge);
    const double bone = tissue.cortex + (tissue.marrow - tissue.cortex) * into_marrow;
    return into_cortex >= 1 ? bone : bone * into_cortex + (*around)(p) * (1 - into_cortex);
  }
};

}  // namespace diffam::spine::detail
