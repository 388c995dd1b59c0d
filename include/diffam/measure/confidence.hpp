// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// How far to trust a fitted vertebra: the probability that its Dice is at least 0.8, from the edges along its
// surface and from its size beside its neighbours, by a logistic model,
//
//     p = 1 / (1 + exp(-(b_0 + sum_k b_k x_k))).
//
// The probability is of the place and the shape. Whether the name is right it cannot tell.
#pragma once

#include <algorithm>

#include "diffam/image/trilinear.hpp"
#include "diffam/image/volume_part.hpp"
#include "diffam/measure/chain.hpp"
#include "diffam/mesh/smoothing.hpp"

namespace diffam::measure {

/// Where `look_at_edges` samples the image.
struct edge_params {
  double low = -200, high = 700;           // HU; values beyond count as these
  std::array<double, 2> depths{1.0, 2.0};  // mm from the surface, to both sides
  double least = 27;                       // HU; a smaller change is no edge
};

/// The edges along the surface of one vertebra.
struct surface_edges {
  double falling =
      not_measured;              // share of the visible surface, by area, where the image gets darker outward
  double rising = not_measured;  // the same where it gets brighter
  double visible = 0;            // share of the surface, by area, inside the image
  std::vector<float> drops;      // of each vertex: HU inside less HU outside; NaN outside the image
};

namespace detail {

/// Area that belongs to each vertex: a third of its faces.
inline std::vector<double> vertex_areas(const triangle_mesh<double>& mesh) {
  std::vector<double> area(mesh.vertices.size());
  for (const face& f : mesh.faces) {
    const auto at = [&](int k) { return mesh.vertices[static_cast<std::size_t>(f[k])]; };
    const double third = norm(area_vector(at(0), at(1), at(2))) / 3;
    for (int k = 0; k < 3; ++k) area[static_cast<std::size_t>(f[k])] += third;
  }
  return area;
}

/// The value at a point of the world within the window; NaN where the image has none.
class windowed_image {
 public:
  windowed_image(const volume_view<float>& ct, const edge_params& p)
      : voxels_{ct.voxels, ct.kept.size}, to_index_(inverse(ct.geometry.axes)), window_(p) {
    const auto& f = ct.kept.first;
    first_ = ct.geometry.to_world(
        {static_cast<double>(f[0]), static_cast<double>(f[1]), static_cast<double>(f[2])});
  }
  double operator()(const vec3<double>& p) const {
    const vec3<double> x = to_index_ * (p - first_);
    for (int a = 0; a < 3; ++a)
      if (!(x[a] >= -0.5 && x[a] <= static_cast<double>(voxels_.size[a]) - 0.5)) return not_measured;
    return std::clamp(trilinear_value(voxels_, x, read_voxel<double, float>{voxels_.data}), window_.low,
                      window_.high);
  }

 private:
  voxel_view<float> voxels_;
  mat3<double> to_index_;
  vec3<double> first_;
  edge_params window_;
};

}  // namespace detail

/// Looks at the image on both sides of each vertex. `mesh`: world mm. `ct`: HU; may hold a part of the image.
inline surface_edges look_at_edges(const triangle_mesh<double>& mesh, const volume_view<float>& ct,
                                   const edge_params& p = {}) {
  surface_edges out;
  if (ct.kept.empty()) return out;
  const detail::windowed_image image(ct, p);
  const std::vector<vec3<double>> normals = diffam::detail::unit_normals(mesh);
  const std::vector<double> area = detail::vertex_areas(mesh);
  double all = 0, seen = 0, falling = 0, rising = 0;
  for (std::size_t i = 0; i < area.size(); ++i) {
    double drop = 0;
    for (const double d : p.depths)
      drop += (image(mesh.vertices[i] - normals[i] * d) - image(mesh.vertices[i] + normals[i] * d)) /
              static_cast<double>(p.depths.size());
    out.drops.push_back(static_cast<float>(drop));
    all += area[i];
    if (!std::isfinite(drop)) continue;
    seen += area[i];
    if (drop > p.least) falling += area[i];
    if (drop < -p.least) rising += area[i];
  }
  out.visible = all > 0 ? seen / all : 0;
  if (seen > 0) out.falling = falling / seen, out.rising = rising / seen;
  return out;
}

/// What the model knows of one vertebra.
struct fit_evidence {
  double falling = 0, rising = 0, visible = 0;  // as in `surface_edges`
  double below_chain = 0;                       // median share of falling edges of all vertebrae less its own
  double size_step = 0;                         // see `size_steps`
};

/// Coefficients of the model.
struct confidence_model {
  double constant, falling, rising, visible, below_chain, size_step;
};

/// Fitted to 1,659 vertebrae of nine patients, meshes of good fits that were moved, turned and scaled at
/// random, by benchmarks/accuracy/confidence.py. docs/results.md has the data and the reliability.
inline constexpr confidence_model calibrated{.constant = -6.990,
                                             .falling = 13.204,
                                             .rising = -4.087,
                                             .visible = -1.064,
                                             .below_chain = -2.501,
                                             .size_step = -2.334};

inline double confidence(const fit_evidence& e, const confidence_model& m = calibrated) {
  return 1 /
         (1 + std::exp(-(m.constant + m.falling * e.falling + m.rising * e.rising + m.visible * e.visible +
                         m.below_chain * e.below_chain + m.size_step * e.size_step)));
}

/// For each vertebra the largest difference, in logarithms, between its size and those of its neighbours,
/// where a size is the cube root of the volume in built-in heights. 0 without a neighbour, and for C1 and C2.
/// `all`: head to foot.
inline std::vector<double> size_steps(std::span<const measured_vertebra> all) {
  const auto size = [&](std::size_t i) {
    return std::log(std::cbrt(std::max(all[i].measures.volume_ml, 1e-3)) /
                    spine::anatomy::measures_of(all[i].label).body.height);
  };
  std::vector<double> steps(all.size());
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    if (!has_two_plates(all[i].label)) continue;
    const double step = std::abs(size(i) - size(i + 1));
    for (const std::size_t n : {i, i + 1}) steps[n] = std::max(steps[n], step);
  }
  return steps;
}

/// Fills confidence and evidence of the measures. `edges` and `all` belong together. A vertebra of which the
/// image shows nothing has none.
inline void measure_confidence(std::span<measured_vertebra> all, std::span<const surface_edges> edges) {
  std::vector<double> falling;
  for (const surface_edges& e : edges)
    if (std::isfinite(e.falling)) falling.push_back(e.falling);
  if (falling.empty()) return;
  const auto middle = falling.begin() + static_cast<std::ptrdiff_t>(falling.size() / 2);
  std::nth_element(falling.begin(), middle, falling.end());
  const std::vector<double> steps = size_steps(all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const surface_edges& e = edges[i];
    if (!std::isfinite(e.falling)) continue;
    vertebra_measures& m = all[i].measures;
    m.falling_edges = e.falling, m.rising_edges = e.rising, m.surface_visible = e.visible;
    m.edges_below_chain = *middle - e.falling, m.size_step = steps[i];
    m.confidence = confidence({e.falling, e.rising, e.visible, m.edges_below_chain, steps[i]});
  }
}

}  // namespace diffam::measure
