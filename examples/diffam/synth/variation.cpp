// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// Makes images from fits, and draws how they differ.
#include "synth/variation.hpp"

#include <numbers>

#include "diffam/exec/threads.hpp"
#include "diffam/spine/voxelise.hpp"

namespace diffam::program {

namespace {

/// A point of the unit sphere, uniform by area (Archimedes).
vec3<double> direction(double u, double v) {
  const double z = 2 * u - 1, r = std::sqrt(1 - z * z), angle = 2 * std::numbers::pi * v;
  return {r * std::cos(angle), r * std::sin(angle), z};
}

}  // namespace

synthetic_scan make_scan(std::span<const triangle_mesh<double>> meshes, std::span<const int> values,
                         const distance_curve& appearance, const grid& g, const synthesis_params& params,
                         const volume<float>* background, int threads) {
  const exec::threads policy(threads);
  return {synthesise(policy, meshes, appearance, g, params, background),
          spine::voxelise(policy, meshes, values, g)};
}

vec3<double> variation::moved(const vec3<double>& x) const {
  vec3<double> to = x;
  for (const wave& w : waves) to = to + w.a * std::sin(2 * std::numbers::pi * dot(w.q, x) + w.phase);
  return to;
}

variation draw_variation(std::uint64_t seed) {
  const auto draw = [seed](std::uint64_t index) {  // synthesise draws noise in iteration 1
    const auto words = random_words(seed, random_stream::synthesis, 0, index);
    vec<double, 4> u;
    for (int n = 0; n < 4; ++n) u[n] = unit_interval<double>(words[n]);
    return u;
  };
  variation v;
  const auto first = draw(0);
  v.params.seed = seed;
  v.params.blur = 0.4 + 0.6 * first[0];
  v.params.noise = 5 + 35 * first[1];
  v.thickness = 5 * first[2];
  for (std::uint64_t k = 0; k < v.waves.size(); ++k) {
    const auto way = draw(1 + 2 * k), size = draw(2 + 2 * k);
    v.waves[k] = {direction(way[0], way[1]), direction(way[2], way[3]) * (1 / (80 + 80 * size[0])),
                  2 * std::numbers::pi * size[1]};
  }
  return v;
}

synthetic_scan make_scan(const variation& v, std::vector<triangle_mesh<double>> meshes,
                         std::span<const int> values, const distance_curve& appearance,
                         const volume<float>& background) {
  for (auto& mesh : meshes)
    for (auto& x : mesh.vertices) x = v.moved(x);
  const grid& g = background.geometry;
  synthetic_scan made = make_scan(meshes, values, appearance, g, v.params, &background);
  const vec3<double> spacing = g.spacing();
  const auto steepness = [&](int a) { return std::abs(g.axes(2, a)) / spacing[a]; };
  const int along = steepness(2) >= std::max(steepness(0), steepness(1)) ? 2
                    : steepness(1) >= steepness(0)                       ? 1
                                                                         : 0;
  const double slices = v.thickness / spacing[along];
  vec3<double> variance{};
  variance[along] = std::max(0.0, (slices * slices - 1) / 12);
  blur_voxels(exec::threads(0), made.ct.voxels, g.size, variance);
  return made;
}

}  // namespace diffam::program
