// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// An image made from closed meshes and the appearance function f (Kim & Park 2024, section 2.3; images from a
// fit are the paper's future work): f of the signed distance near the surfaces, and a background elsewhere. A
// voxel averages over its own extent, as slices do over their thickness; then come a scanner's blur and
// noise. The same bits for any host policy and number of threads.
#pragma once

#include <span>

#include "diffam/core/random.hpp"
#include "diffam/image/distance_volume.hpp"
#include "diffam/image/gaussian.hpp"
#include "diffam/image/isotropic_grid.hpp"
#include "diffam/image/volume_part.hpp"

namespace diffam {

/// A function of the signed distance (mm, negative inside): piecewise linear between nodes, constant beyond.
struct distance_curve {
  std::vector<double> distance;  // mm, ascending; at least one
  std::vector<double> value;     // HU

  double operator()(double d) const {
    const auto above = std::upper_bound(distance.begin(), distance.end(), d);
    if (above == distance.begin()) return value.front();
    if (above == distance.end()) return value.back();
    const auto n = static_cast<std::size_t>(above - distance.begin());
    const double t = (d - distance[n - 1]) / (distance[n] - distance[n - 1]);
    return value[n - 1] + t * (value[n] - value[n - 1]);
  }
};

struct synthesis_params {
  double near = 9.6, far = 19.2;  // mm: f up to `near` from a surface, the background from `far` on
  double step = 0.75;             // mm, at most, between the places of a voxel at which f is averaged
  double blur = 0.6;              // sigma of the scanner's point spread, mm
  double noise = 0;               // standard deviation after the blur, HU
  std::uint64_t seed = 1;         // of the noise
};

namespace detail {

/// Throws `error` (usage) for the first thing that cannot be.
inline void require_synthesis(const distance_curve& f, const synthesis_params& p) {
  require(!f.distance.empty() && f.distance.size() == f.value.size() &&
              std::is_sorted(f.distance.begin(), f.distance.end(), std::less_equal<>()),
          "synthesise: expected a curve with ascending distances and one value for each");
  require(p.near >= 0 && p.far > p.near, "synthesise: expected 0 <= near < far");
  require(p.step >= 0.1 && p.blur >= 0 && p.noise >= 0,
          "synthesise: expected a step of 0.1 mm or more, and no negative blur or noise");
}

/// The voxels of `g` within `reach` mm of the box around a mesh.
inline voxel_box voxels_near(const triangle_mesh<double>& mesh, const grid& g, double reach) {
  vec3<double> low{1e300, 1e300, 1e300}, high = -low;
  for (const auto& v : mesh.vertices) {
    const vec3<double> x = g.to_index(v);
    for (int a = 0; a < 3; ++a) low[a] = std::min(low[a], x[a]), high[a] = std::max(high[a], x[a]);
  }
  const mat3<double> to_index = inverse(g.axes);
  voxel_box box;
  for (int a = 0; a < 3; ++a) {
    const double more = reach * norm(to_index.row[a]), last = static_cast<double>(g.size[a]);
    const double begin = std::clamp(std::floor(low[a] - more), 0.0, last);
    const double end = std::clamp(std::ceil(high[a] + more) + 1, begin, last);
    box.first[a] = static_cast<index_t>(begin), box.size[a] = static_cast<index_t>(end - begin);
  }
  return box;
}

/// Averages f, and the background's share, over the parts of each voxel of slice k of `kept`.
struct synthesis_slice_kernel {
  const distance_curve* f;
  synthesis_params params;
  voxel_box kept;         // of the image
  vec<index_t, 3> parts;  // of a voxel
  const float* distance;  // of the parts of the kept voxels
  const grid* image;
  float *near_surfaces, *share;  // share-weighted f, and the background's share

  void operator()(index_t k) const {
    const vec<index_t, 3> fine{kept.size[0] * parts[0], kept.size[1] * parts[1], kept.size[2] * parts[2]};
    const auto count = static_cast<double>(parts[0] * parts[1] * parts[2]);
    for (index_t j = 0; j < kept.size[1]; ++j)
      for (index_t i = 0; i < kept.size[0]; ++i) {
        double sum = 0, background = 0;
        for (index_t c = k * parts[2]; c < (k + 1) * parts[2]; ++c)
          for (index_t b = j * parts[1]; b < (j + 1) * parts[1]; ++b)
            for (index_t a = i * parts[0]; a < (i + 1) * parts[0]; ++a) {
              const double d = static_cast<double>(distance[a + fine[0] * (b + fine[1] * c)]);
              const double away = share_of_background(d);
              background += away;
              if (away < 1) sum += (1 - away) * (*f)(d);
            }
        const index_t v = image->linear(i + kept.first[0], j + kept.first[1], k + kept.first[2]);
        near_surfaces[v] = static_cast<float>(sum / count);
        share[v] = static_cast<float>(background / count);
      }
  }

 private:
  double share_of_background(double d) const {
    const double t = std::clamp((d - params.near) / (params.far - params.near), 0.0, 1.0);
    return t * t * (3 - 2 * t);
  }
};

struct noise_kernel {
  std::uint64_t seed;
  double deviation;
  float* voxels;
  void operator()(index_t v) const {
    const auto words = random_words(seed, random_stream::synthesis, 1, static_cast<std::uint64_t>(v));
    voxels[v] = static_cast<float>(
        deviation * box_muller(unit_interval<double>(words[0]), unit_interval<double>(words[1]))[0]);
  }
};

/// Noise of the scanner's blur, whose standard deviation is `p.noise` after it.
template <exec::policy Host>
std::vector<float> blurred_noise(const Host& e, const grid& g, const vec3<double>& variance,
                                 const synthesis_params& p) {
  std::vector<float> noise(static_cast<std::size_t>(g.voxel_count()));
  e.for_each_index(g.voxel_count(),
                   noise_kernel{p.seed, p.noise / std::sqrt(variance_kept(variance)), noise.data()}, 1 << 12);
  blur_voxels(e, noise, g.size, variance);
  return noise;
}

}  // namespace detail

/// The image of closed meshes (world mm) on grid `g`, HU. `f`: intensity at a distance from the nearest
/// surface, as a fit has learned it. `background`: a CT on the same grid, whose own noise and blur stay;
/// without one, the mean of f at `p.near` and at `p.far`. Throws `error` where a mesh is not closed, the
/// grid is empty, grids differ in size, or a parameter is out of its limits. It holds 12 bytes a voxel, and 4
/// bytes for each part of a voxel near the meshes.
template <exec::policy Host>  // host policy
volume<float> synthesise(const Host& e, std::span<const triangle_mesh<double>> meshes,
                         const distance_curve& f, const grid& g, const synthesis_params& p = {},
                         const volume<float>* background = nullptr) {
  detail::require_synthesis(f, p);
  require_grid("synthesise", g);
  for (const auto& mesh : meshes) require_closed_mesh(mesh, "synthesise");
  require(background == nullptr || background->geometry.size == g.size,
          "synthesise: expected a background on the grid of the image");
  const vec3<double> spacing = g.spacing();
  vec<index_t, 3> parts;
  vec3<double> part, variance;
  for (int a = 0; a < 3; ++a) {
    parts[a] = std::max<index_t>(1, static_cast<index_t>(std::ceil(spacing[a] / p.step - 1e-9)));
    part[a] = 1 / static_cast<double>(parts[a]);
    variance[a] = p.blur * p.blur / (spacing[a] * spacing[a]);
  }
  voxel_box kept;
  for (const auto& mesh : meshes) kept = hull(kept, detail::voxels_near(mesh, g, p.far));
  volume<float> image(g), share(g, 1);
  if (!kept.empty()) {
    const grid fine = with_voxels_of(sub_grid(g, kept), part).geometry;
    volume<float> distance(fine, static_cast<float>(p.far));
    for (const auto& mesh : meshes) {
      const voxel_box box = detail::voxels_near(mesh, fine, p.far);
      if (box.empty()) continue;
      const volume<float> to_mesh =
          distance_volume(e, mesh, sub_grid(fine, box), {.level = 0, .reach = p.far});
      for (index_t k = 0; k < box.size[2]; ++k)
        for (index_t j = 0; j < box.size[1]; ++j)
          for (index_t i = 0; i < box.size[0]; ++i) {
            float& d = distance.at(i + box.first[0], j + box.first[1], k + box.first[2]);
            d = std::min(d, to_mesh.at(i, j, k));
          }
    }
    e.for_each_index(kept.size[2],
                     detail::synthesis_slice_kernel{&f, p, kept, parts, distance.voxels.data(), &g,
                                                    image.voxels.data(), share.voxels.data()},
                     1);
  }
  blur_voxels(e, image.voxels, g.size, variance);
  blur_voxels(e, share.voxels, g.size, variance);
  const std::vector<float> noise =
      p.noise > 0 ? detail::blurred_noise(e, g, variance, p) : std::vector<float>();
  const auto plain = static_cast<float>((f(p.near) + f(p.far)) / 2);
  for (std::size_t v = 0; v < image.voxels.size(); ++v) {
    const float away = share.voxels[v];
    image.voxels[v] += away * (background == nullptr ? plain : background->voxels[v]);
    if (p.noise > 0) image.voxels[v] += background == nullptr ? noise[v] : (1 - away) * noise[v];
  }
  return image;
}

}  // namespace diffam
