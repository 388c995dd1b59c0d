// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Images from a fit that differ: in the places and shapes of the vertebrae, in blur, noise and slice
// thickness.
#pragma once

#include <array>

#include "diffam/image/synthesis.hpp"

namespace diffam::program {

/// An image and its exact mask.
struct synthetic_scan {
  volume<float> ct;  // HU
  volume<std::uint8_t> mask;
};

/// Image and mask of the same meshes (world mm). `values`: of each mesh in the mask. For the other arguments,
/// and the errors, see `synthesise`.
synthetic_scan make_scan(std::span<const triangle_mesh<double>> meshes, std::span<const int> values,
                         const distance_curve& appearance, const grid& g, const synthesis_params& params,
                         const volume<float>* background, int threads = 0);

/// What makes one image from a fit another one. Points move by the sum of three waves,
/// u(x) = sum_k a_k sin(2 pi q_k . x + phase_k), |a_k| = 1 mm, 1 / |q_k| from 80 to 160 mm. A point moves by
/// 3 mm at most. The gradient of u is below 0.24, so x + u(x) is one-to-one: meshes neither fold nor come to
/// overlap.
struct variation {
  struct wave {
    vec3<double> a, q;  // mm, 1/mm
    double phase;
  };
  std::array<wave, 3> waves;
  double thickness;         // of slices, mm
  synthesis_params params;  // blur 0.4 to 1 mm, noise 5 to 40 HU

  vec3<double> moved(const vec3<double>& x) const;
};

/// A function of the seed alone.
variation draw_variation(std::uint64_t seed);

/// An image of the moved meshes, in slices of `v.thickness` (but not thinner than those of the grid): a blur
/// along the axis nearest to z that has the variance of a slice profile, thickness^2 / 12. The grid stays.
synthetic_scan make_scan(const variation& v, std::vector<triangle_mesh<double>> meshes,
                         std::span<const int> values, const distance_curve& appearance,
                         const volume<float>& background);

}  // namespace diffam::program
